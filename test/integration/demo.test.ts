import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { temporaryDirectory } from '../support/hooks.ts'

const DEMO = join(import.meta.dirname, '../../cli/demo.ts')

interface Document {
  readonly outcome: string
  readonly graphql: string
  readonly recordings: readonly { readonly state: string; readonly channels: number; readonly durationMs: number; readonly sha256: string; readonly playback: string; readonly pauses: readonly unknown[] }[]
}

describe('npm run demo -- --exit --json', () => {
  it('ends with status 0, its JSON alone on standard output, progress on standard error', async () => {
    const child = spawn(process.execPath, [DEMO, '--exit', '--json', '--directory', await temporaryDirectory()], { stdio: ['ignore', 'pipe', 'pipe'] })
    const [output, progress, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>])
    expect(status, progress).to.equal(0)
    const { outcome, graphql, recordings } = JSON.parse(output) as Document
    expect(outcome).to.equal('complete')
    expect(graphql).to.match(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/)
    expect(recordings.map(({ state, channels, playback }) => ({ state, channels, playback }))).to.deep.equal(Array.from({ length: 3 }, () => ({ state: 'STORED', channels: 2, playback: 'whole and seekable' })))
    expect(recordings.flatMap(({ pauses }) => pauses), 'one of them was paused').to.have.length(1)
    for (const { durationMs, sha256 } of recordings) {
      expect(durationMs).to.be.above(6000)
      expect(sha256).to.match(/^[0-9a-f]{64}$/)
    }
    expect(progress).to.include('Every call was recorded, stored, verified and played back.')
  })
})
