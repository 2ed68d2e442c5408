import { describe, it } from 'mocha'
import { expect } from 'chai'
import { SpoolSweep, type SweepSurroundings, UNCLAIMED_AFTER_MS } from '../../../../core/ingest/spool-sweep.ts'
import { IngestFixture, PBX, at, spoolWav, tone } from './ingest-fixture.ts'

describe('SpoolSweep', () => {
  it('tells the audit once of a file that no recording knows, and never removes it', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(10, tone(440)), spoolWav(10, tone(440)))
    await fixture.told({ endMs: 10 })
    fixture.source.put('9999.0.rx.wav', Buffer.alloc(100), at(0))
    fixture.source.put('9999.1.rx.wav', Buffer.alloc(100), at(5000))
    fixture.nowMs = UNCLAIMED_AFTER_MS + 1000
    for (const sweep of [new SpoolSweep(around(fixture)), new SpoolSweep(around(fixture))]) {
      for (let round = 0; round < 2; round += 1) {
        expect(await sweep.sweep(PBX, fixture.source)).to.deep.equal({ files: 4, unclaimed: ['9999.0.rx.wav'] })
      }
    }
    const told = fixture.audit.entries.filter(({ action }) => action === 'spool.unclaimed')
    expect(told.map(({ object, details }) => [object.id, details['sizeBytes']])).to.deep.equal([['pbx:9999.0.rx.wav', 100]])
    expect(fixture.source.files.size).to.equal(4)
  })

  it('measures plaintext that stays of recordings that are done with, by what became of them', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(Buffer.from('RIFF____WAVEgarbage that goes on for a while, and no samples'), spoolWav(100, tone(440)))
    await fixture.told({ endMs: 100 })
    const gauges = new Map<string, number>()
    const metrics: SweepSurroundings['metrics'] = { ...fixture.runtime.metrics, gauge: (name, value, labels) => void gauges.set(`${name} ${labels?.['state'] ?? ''}`, value) }
    const sweep = new SpoolSweep({ ...around(fixture), metrics })
    const left = async (): Promise<readonly (number | undefined)[]> => {
      await sweep.sweep(PBX, fixture.source)
      return ['failed', 'stored', 'not-recorded'].map((state) => gauges.get(`holdfast_spool_left_bytes ${state}`))
    }
    fixture.nowMs = UNCLAIMED_AFTER_MS + 1000
    expect(await left(), 'waiting').to.deep.equal([0, 0, 0])
    expect((await fixture.ingest()).state).to.equal('failed')
    expect(await left(), 'failed').to.deep.equal([60 + 1644, 0, 0])
    fixture.source.files.clear()
    expect(await left(), 'cleared').to.deep.equal([0, 0, 0])
  })

  it('tells again what the audit could not take', async () => {
    const fixture = await IngestFixture.open()
    fixture.source.put('9999.0.rx.wav', Buffer.alloc(100), at(0))
    fixture.nowMs = UNCLAIMED_AFTER_MS + 1
    const sweep = new SpoolSweep(around(fixture))
    fixture.audit.unavailable = true
    const [outcome] = await Promise.allSettled([sweep.sweep(PBX, fixture.source)])
    expect(outcome?.status).to.equal('rejected')
    fixture.audit.unavailable = false
    await sweep.sweep(PBX, fixture.source)
    expect(fixture.audit.entries.length).to.equal(1)
  })
})

function around(fixture: IngestFixture): SweepSurroundings {
  return { ...fixture.runtime, recordings: fixture.recordings, audit: fixture.audit }
}
