import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { z } from 'zod'
import type { AriSettings } from '../../config/settings.ts'

/** What ARI shows to our user. */
export interface AriFacts {
  /** The status of a first request; 200 is well. */
  readonly status: number
  readonly version: string | null
  /** Options of the build, such as `OPTIONAL_API, TEST_FRAMEWORK`. */
  readonly buildOptions: string | null
  /** The user that Asterisk runs as, where it was told. */
  readonly runUser: string | null
  /** Whether a recording may be deleted, which a spool without a shared disk needs. */
  readonly mayDelete: boolean
}

/** ARI on one machine answers in milliseconds; over a distance with TLS in a second. */
const DEADLINE_MS = 5_000
const MAX_BODY_BYTES = 1024 * 1024

const infoSchema = z.object({
  build: z.object({ options: z.string() }).partial().optional(),
  system: z.object({ version: z.string() }).partial().optional(),
  config: z.object({ setid: z.object({ user: z.string() }).partial() }).partial().optional(),
})

/** Asks for information, and to delete a recording that is not there. @throws Error of Node's HTTP client when it cannot be reached */
export async function readAriFacts(ari: AriSettings): Promise<AriFacts> {
  const info = await send(ari, 'GET', '/ari/asterisk/info')
  const told = info.status === 200 ? infoSchema.safeParse(parsed(info.body)).data : undefined
  const absent = await send(ari, 'DELETE', `/ari/recordings/stored/${encodeURIComponent(`holdfast/doctor-${randomUUID()}`)}`)
  return {
    status: info.status,
    version: told?.system?.version ?? null,
    buildOptions: told?.build?.options ?? null,
    runUser: told?.config?.setid?.user ?? null,
    // 404: looked for, and not there. 403: `read_only = yes`. Source: Asterisk 22 res_ari.c
    mayDelete: absent.status === 404,
  }
}

async function send({ url, username, password, caFile }: AriSettings, method: 'GET' | 'DELETE', path: string): Promise<{ readonly status: number; readonly body: string }> {
  const ca = caFile === null ? {} : { ca: await readFile(caFile) }
  const target = new URL(path, url)
  const options = { method, auth: `${username}:${password}`, signal: AbortSignal.timeout(DEADLINE_MS), agent: false, ...ca } as const
  return await new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, options, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
        if (body.length > MAX_BODY_BYTES) request.destroy(new Error('an answer without end'))
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end()
  })
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // Another server than Asterisk's: told by what is missing.
    return null
  }
}
