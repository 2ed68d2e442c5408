import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'mocha'

/** A folder for all tests of a suite, removed after the last. Call it inside a `describe`, before whoever needs it. */
export function suiteDirectory(prefix = 'holdfast-suite-'): () => string {
  let directory = ''
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), prefix))
  })
  after(() => rm(directory, { recursive: true, force: true }))
  return () => directory
}
