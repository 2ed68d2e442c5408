import Database from 'better-sqlite3'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PLAYED_PBXS, type PlayedPbx } from './load.ts'

/** After a storm the journal is forwarded in order; a busy machine gets the rest. */
const FORWARDED_WITHIN_MS = 120_000
const LOOK_EVERY_MS = 1000
const COUNT = 'select pbx_id as pbx, count(distinct call_id) as calls from recordings group by pbx_id'

/** Of each PBX, how many calls have a recording in the catalogue: as many as were played, or as many as there are when time is up. */
export async function callsKnown(dataDirectory: string, played: number): Promise<ReadonlyMap<PlayedPbx, number>> {
  const catalogue = new Database(join(dataDirectory, 'holdfast.db'), { readonly: true })
  try {
    for (const deadlineMs = performance.now() + FORWARDED_WITHIN_MS; ; await delay(LOOK_EVERY_MS)) {
      const rows = catalogue.prepare<[], { readonly pbx: string; readonly calls: number }>(COUNT).all()
      const known = new Map(PLAYED_PBXS.map((pbx) => [pbx, rows.find((row) => row.pbx === pbx.toLowerCase())?.calls ?? 0]))
      if ([...known.values()].every((calls) => calls >= played) || performance.now() > deadlineMs) return known
    }
  } finally {
    catalogue.close()
  }
}
