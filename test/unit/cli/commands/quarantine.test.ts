import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { QualityFinding } from '../../../../core/domain/media.ts'
import { releaseOf } from '../../../../core/ingest/quarantine.ts'
import { idAt, seconds } from '../../../support/recording-facts.ts'
import { bench, NO_FILTER } from './console-bench.ts'

const NOT_LOCATED: QualityFinding = { code: 'pause-not-located', segmentIndex: 1, at: seconds(30), details: { pause: 0, expectedMilliseconds: 12_300, lengthMilliseconds: 5000, driftMilliseconds: 2040, fileMilliseconds: 30_000 } }

describe('holdfast quarantine', () => {
  it('lists what is quarantined, with files and the place where each pause is expected', async () => {
    await bench(async ({ holdfast, givenUp }) => {
      const id = await givenUp(0, 'quarantined', [NOT_LOCATED])
      await givenUp(60)
      const { code, out, err } = await holdfast('quarantine', 'list')
      expect(code).to.equal(0)
      expect(out.split('\n')[0]).to.match(new RegExp(`^${id} `))
      expect(out).to.include('segment 1: pause 0 expected at 12.300 s for 5.000 s, the files lack 2.040 s and last 30.000 s').and.to.include(`${id}.1.rx.wav`)
      expect(out.split('\n')).to.have.length(3)
      expect(err).to.equal('1 recordings are quarantined.')
    })
  })

  it('releases with the spans that somebody heard, and tells the audit which', async () => {
    await bench(async ({ holdfast, givenUp, takeJob, store }) => {
      const id = await givenUp(0, 'quarantined', [NOT_LOCATED])
      expect(await holdfast('quarantine', 'release', id, '--silence', '1:12.3-17.25', '--silence', '1:20-21', '--nothing-in', '0')).to.deep.include({ code: 0, out: id })
      const job = await takeJob()
      expect(job === null ? null : releaseOf(job)).to.deep.equal([
        { segmentIndex: 1, silences: [{ fromMs: 12_300, toMs: 17_250 }, { fromMs: 20_000, toMs: 21_000 }] }, { segmentIndex: 0, silences: [] },
      ])
      const { entries } = await store.audit.read({ ...NO_FILTER, objectId: id, action: 'recording.released' }, { first: 10, before: null })
      expect(entries.map(({ entry }) => [entry.actor.type, entry.details['silencedMilliseconds']])).to.deep.equal([['cli', '1:12300-17250+20000-21000 0:']])
    })
  })

  it('goes by the last word, when it is told twice before the work is done', async () => {
    await bench(async ({ holdfast, givenUp, takeJob }) => {
      const id = await givenUp(0, 'quarantined', [NOT_LOCATED])
      for (const span of ['1:1-2', '1:3-4']) await holdfast('quarantine', 'release', id, '--silence', span, '--anyway')
      const job = await takeJob()
      expect(job === null ? null : releaseOf(job)).to.deep.equal([{ segmentIndex: 1, silences: [{ fromMs: 3000, toMs: 4000 }] }])
    })
  })

  it('refuses a span that does not lie in the files, whatever is said beside it', async () => {
    await bench(async ({ holdfast, givenUp, takeJobs }) => {
      const id = await givenUp(0, 'quarantined', [NOT_LOCATED])
      for (const words of [['--silence', '1:0-200'], ['--silence', '1:30-30.5'], ['--silence', '1:100-200', '--anyway']]) {
        const { code, err } = await holdfast('quarantine', 'release', id, ...words)
        expect(code, words.join(' ')).to.equal(1)
        expect(err).to.include('does not lie in the files of segment 1, which last 30.000 s')
      }
      expect(await takeJobs()).to.deep.equal([])
    })
  })

  it('refuses what would not silence the pause that the list expects, or says nothing of it, unless it is meant', async () => {
    await bench(async ({ holdfast, givenUp, takeJobs }) => {
      const id = await givenUp(0, 'quarantined', [NOT_LOCATED])
      for (const words of [['--silence', '1:1-6'], ['--silence', '1:12.3-14'], ['--nothing-in', '1']]) expect((await holdfast('quarantine', 'release', id, ...words)).err, words.join(' ')).to.include('That does not silence pause 0 of segment 1').and.to.include('--anyway')
      expect((await holdfast('quarantine', 'release', id, '--nothing-in', '0')).err).to.include('nothing is said of it')
      expect(await takeJobs()).to.deep.equal([])
      expect((await holdfast('quarantine', 'release', id, '--nothing-in', '1', '--anyway')).code).to.equal(0)
      expect(await takeJobs()).to.deep.equal([id])
    })
  })

  it('ends with 1 for what is not quarantined, is not there, or has no such segment', async () => {
    await bench(async ({ holdfast, givenUp, takeJobs }) => {
      const failed = await givenUp(0)
      const quarantined = await givenUp(60, 'quarantined', [NOT_LOCATED])
      for (const [id, segment, why] of [[failed, 0, 'not quarantined'], [idAt(120), 0, 'no such recording'], [quarantined, 9, 'no segment 9']] as const) {
        const { code, err } = await holdfast('quarantine', 'release', id, '--nothing-in', String(segment))
        expect(code).to.equal(1)
        expect(err).to.include(why)
      }
      expect(await takeJobs()).to.deep.equal([])
    })
  })

  it('ends with 2 for a span that is none, and when nothing is said', async () => {
    await bench(async ({ holdfast, givenUp }) => {
      const id = await givenUp(0, 'quarantined', [NOT_LOCATED])
      for (const words of [[], ['--silence', '0:5-4'], ['--silence', '5-6'], ['--silence', '0:-1-4'], ['--nothing-in', 'all']]) expect((await holdfast('quarantine', 'release', id, ...words)).code, words.join(' ')).to.equal(2)
    })
  })

  it('is what a retry points at', async () => {
    await bench(async ({ holdfast, givenUp }) => {
      const id = await givenUp(0, 'quarantined', [NOT_LOCATED])
      const { code, err } = await holdfast('ingest', 'retry', id)
      expect(code).to.equal(1)
      expect(err).to.include('holdfast quarantine')
    })
  })
})
