import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { CaptureFact, ExpectationOpened } from '../../../../core/domain/capture-fact.ts'
import type { Assessment } from '../../../../core/domain/coverage.ts'
import { parseCallId, parseInteractionId, parsePbxId } from '../../../../core/domain/ids.ts'
import { CUSTOMER_CHANNEL, seconds } from '../../../support/recording-facts.ts'
import { type Bench, bench, NO_FILTER } from './console-bench.ts'

const KEY = { pbxId: parsePbxId('main'), channelId: CUSTOMER_CHANNEL, side: 'source', fromAt: seconds(0) } as const
const OPENED: ExpectationOpened = {
  type: 'expectation-opened', ...KEY, callId: parseCallId('1.1'), interactionId: parseInteractionId('main-1.1'), rule: 'everything', policyVersion: 'ab', evidence: 'events', answeredAt: seconds(0), at: seconds(0),
}
const RANGE = ['--since', '2026-03-02T07:00Z', '--until', '2026-03-03T00:00:00Z'] as const

function closed(at: Date): CaptureFact {
  return { type: 'expectation-closed', ...KEY, toAt: at, end: 'hangup', at }
}

/** A leg of ten seconds of which so much is missing. */
async function leg({ tell, store }: Bench, missingMs: number): Promise<void> {
  const assessment: Assessment = {
    wantedMs: 10_000, coveredMs: 10_000 - missingMs, missingMs,
    gaps: missingMs === 0 ? [] : [{ beganAt: seconds(4), endedAt: new Date(seconds(4).getTime() + missingMs), why: 'peer-change' }, { beganAt: seconds(9), endedAt: seconds(9.5), why: 'paused' }],
  }
  await tell(OPENED, closed(seconds(10)))
  await store.coverage.settle(KEY, { assessment, at: seconds(20), audit: null })
}

describe('holdfast coverage', () => {
  it('says what was wanted, what is stored and what is missing, and ends with 0 when that is tolerated', async () => {
    await bench(async (console) => {
      await leg(console, 28)
      const { code, out } = await console.holdfast('coverage', ...RANGE)
      expect(code).to.equal(0)
      expect(out).to.include('1 legs were wanted: 1 compared, 0 wait for their sound, 0 last').and.to.include('10.000 s wanted, 9.972 s stored (99.720 %), 0.028 s missing')
      expect(out).to.match(/peer-change\s+1\s+0\.028 s/).and.to.match(/paused\s+1\s+0\.500 s/)
      expect(out).to.include('main-1.1').and.to.include('peer-change 4.000 s+0.028 s').and.to.include('No time is on record in which a PBX was not observed.')
    })
  })

  it('ends with 1 when a leg lacks more', async () => {
    await bench(async (console) => {
      await leg(console, 501)
      expect((await console.holdfast('coverage', ...RANGE)).code).to.equal(1)
      expect((await console.holdfast('coverage', '--since', '1h')).code, 'of the last hour').to.equal(0)
    })
  })

  it('ends with 2 for a PBX that the settings do not name, and tells which they do', async () => {
    await bench(async ({ holdfast }) => {
      const { code, out, err } = await holdfast('coverage', ...RANGE, '--pbx', 'mian')
      expect(code).to.equal(2)
      expect(out).to.equal('')
      expect(err).to.include('no such PBX; known: main')
      expect((await holdfast('coverage', ...RANGE, '--pbx', 'main')).code).to.equal(0)
    })
  })

  it('ends with 1 when a leg that is long over has no sound yet', async () => {
    await bench(async ({ tell, holdfast }) => {
      await tell(OPENED, closed(seconds(10)))
      const { code, out, err } = await holdfast('coverage', ...RANGE)
      expect(code).to.equal(1)
      expect(out).to.include('0 compared, 1 wait for their sound')
      expect(err).to.include('no sealed sound yet')
    })
  })

  it('says when nobody looked', async () => {
    await bench(async ({ tell, holdfast }) => {
      await tell({ type: 'observation-lost', pbxId: KEY.pbxId, because: 'process-down', at: seconds(0) }, { type: 'observation-regained', pbxId: KEY.pbxId, because: null, callsFound: 3, at: seconds(60) })
      await tell({ type: 'observation-lost', pbxId: KEY.pbxId, because: 'link-down', at: seconds(120) })
      const { out } = await holdfast('coverage', ...RANGE)
      expect(out).to.match(/2026-03-02 08:00:00\s+2026-03-02 08:01:00\s+main\s+process-down\s+3/).and.to.match(/2026-03-02 08:02:00\s+now\s+main\s+link-down\s+0/)
      expect(out).to.include('Nothing is missing.')
    })
  })

  it('prints one JSON document that adds up', async () => {
    await bench(async (console) => {
      await leg(console, 28)
      const report = JSON.parse((await console.holdfast('coverage', ...RANGE, '--json')).out) as { readonly totals: { readonly wantedMs: number; readonly coveredMs: number; readonly missingMs: number }; readonly worst: readonly unknown[] }
      expect(report.totals.wantedMs).to.equal(report.totals.coveredMs + report.totals.missingMs)
      expect(report.worst).to.have.length(1)
    })
  })

  it('never says 100 % of what lacks a millisecond', async () => {
    await bench(async (console) => {
      await console.tell({ ...OPENED })
      await console.tell(closed(seconds(1_000_000)))
      await console.store.coverage.settle(KEY, { assessment: { wantedMs: 1_000_000_000, coveredMs: 999_999_999, missingMs: 1, gaps: [] }, at: seconds(20), audit: null })
      expect((await console.holdfast('coverage', ...RANGE)).out).to.include('(99.999 %)')
    })
  })

  it('stands in the audit', async () => {
    await bench(async ({ holdfast, store }) => {
      await holdfast('coverage', ...RANGE)
      const { entries } = await store.audit.read({ ...NO_FILTER, action: 'coverage.read' }, { first: 10, before: null })
      expect(entries.map(({ entry }) => [entry.actor.type, entry.outcome])).to.deep.equal([['cli', 'ok']])
    })
  })

  it('ends with 2 for what is no time, no PBX, no number, or no range', async () => {
    await bench(async ({ holdfast }) => {
      for (const words of [['--since', 'yesterday'], ['--since', '2026-13-01'], ['--until', '2026-03-01T9:30'], ['--pbx', '../x'], ['--worst', '0'], ['--since', '2026-03-02', '--until', '2026-03-01']]) {
        expect((await holdfast('coverage', ...words)).code, words.join(' ')).to.equal(2)
      }
    })
  })

  it('explains itself', async () => {
    await bench(async ({ holdfast }) => {
      expect((await holdfast('coverage', '--help')).out).to.include('Usage: holdfast coverage').and.to.include('Exit code 1')
    })
  })
})
