import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { temporaryDirectory } from '../support/hooks.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'

const DEMO = join(import.meta.dirname, '../../cli/demo.ts')

interface Document {
  readonly outcome: string
  readonly graphql: string
  readonly recordings: readonly { readonly dialled: string; readonly state: string; readonly channels: number; readonly durationMs: number; readonly sha256: string; readonly playback: string; readonly pauses: readonly unknown[] }[]
}

async function demo(pbx: 'asterisk' | 'freeswitch', environment: NodeJS.ProcessEnv | null = null): Promise<{ readonly status: number; readonly output: string; readonly progress: string }> {
  const child = spawn(process.execPath, [DEMO, '--pbx', pbx, '--exit', '--json', '--directory', await temporaryDirectory()], { stdio: ['ignore', 'pipe', 'pipe'], ...(environment === null ? {} : { env: environment }) })
  const [output, progress, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>])
  return { status, output, progress }
}

describe('npm run demo -- --exit --json', () => {
  for (const pbx of ['asterisk', 'freeswitch'] as const) {
    it(`ends with status 0 on ${pbx}, its JSON alone on standard output, progress on standard error`, async function () {
      if (pbx === 'freeswitch') await requireFreeSwitch(this)
      const { status, output, progress } = await demo(pbx)
      expect(status, progress).to.equal(0)
      const { outcome, graphql, recordings } = JSON.parse(output) as Document
      expect(outcome).to.equal('complete')
      expect(graphql).to.match(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/)
      // On a machine that has other work the PBX records a side by itself, too.
      expect(new Set(recordings.map(({ dialled }) => dialled))).to.deep.equal(new Set(['100', '101', '102']))
      for (const { state, channels, playback } of recordings) expect({ state, channels, playback }).to.deep.equal({ state: 'STORED', channels: 2, playback: 'whole and seekable' })
      expect(recordings.filter(({ pauses }) => pauses.length > 0).map(({ dialled }) => dialled), 'one call was paused').to.include('101').and.not.include('100')
      for (const dialled of ['100', '101', '102']) expect(Math.max(...recordings.filter((recording) => recording.dialled === dialled).map(({ durationMs }) => durationMs)), dialled).to.be.above(6000)
      for (const { sha256 } of recordings) expect(sha256).to.match(/^[0-9a-f]{64}$/)
      expect(progress).to.include('Every call was recorded, stored, verified and played back.')
    })
  }

  it('names the choices where there is no FreeSWITCH', async () => {
    const { status, output, progress } = await demo('freeswitch', { PATH: '/nowhere' })
    expect({ status, output }).to.deep.equal({ status: 1, output: '' })
    expect(progress).to.include('No FreeSWITCH to run').and.to.include('HOLDFAST_FREESWITCH=<prefix>').and.to.include('HOLDFAST_FREESWITCH_IMAGE=<image>')
  })
})
