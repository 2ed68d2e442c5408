import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { assessCoverage, type CoverageEvidence, RESOLUTION_MS } from '../../../../core/domain/assess-coverage.ts'
import type { CoveringRecording, CoveringSegment, ExpectationEnd, UnobservedBecause } from '../../../../core/domain/coverage.ts'
import { parseCallId, parseChannelId, parseInteractionId, parsePbxId } from '../../../../core/domain/ids.ts'
import { idAt } from '../../../support/recording-facts.ts'
import { runs } from '../../../support/property-runs.ts'

const BEGIN = Date.UTC(2026, 2, 2, 8)
const PBX = parsePbxId('pbx-1')

describe('what was wanted against what was sealed', () => {
  it('is whole when a recorder ran from before the answer to the end', () => {
    expect(assess({ recordings: [recorded({ segments: [run(-200, 10_000, { answered: 0, sound: [0, 10_000] })] })] })).to.deep.equal({ wantedMs: 10_000, coveredMs: 10_000, missingMs: 0, gaps: [] })
  })

  it('is whole when file and call differ by no more than two frames', () => {
    expect(assess({ recordings: [recorded({ segments: [run(0, 10_000, { sound: [0, 10_000 - RESOLUTION_MS] })] })] })).to.include({ missingMs: 0 })
    expect(assess({ recordings: [recorded({ segments: [run(0, 10_000, { sound: [0, 10_000 - RESOLUTION_MS - 1] })] })] })).to.include({ missingMs: RESOLUTION_MS + 1 })
  })

  it('lacks what lies between two runs, to the millisecond, because somebody came or went', () => {
    const cut = [run(0, 4000), run(4028, 10_000)]
    expect(whys({ recordings: [recorded({ segments: cut, came: [4028, 6000] })] })).to.deep.equal(['peer-change 4000–4028'])
    expect(whys({ recordings: [recorded({ segments: cut, came: [1000], went: [2000] })] }), 'nobody did').to.deep.equal(['recorder-stopped 4000–4028'])
  })

  it('lacks the newcomer from the change on, when the cut came late', () => {
    const cut = [run(0, 4000), run(4028, 10_000)]
    expect(whys({ recordings: [recorded({ segments: cut, went: [3760], came: [4028] })] })).to.deep.equal(['peer-change 3760–4028'])
    expect(assess({ recordings: [recorded({ segments: cut, went: [3760] })] })).to.include({ wantedMs: 10_000, missingMs: 268 })
    expect(whys({ recordings: [recorded({ segments: cut, went: [4005] })] }), 'told a moment later').to.deep.equal(['peer-change 4000–4028'])
    expect(whys({ recordings: [recorded({ segments: [run(-900, -200), run(28, 10_000)], went: [-100] })] }), 'a change before the leg').to.deep.equal(['peer-change 0–28'])
  })

  it('lacks nothing while the recorded telephone held, and what is lost after that it lacks', () => {
    const cut = [run(0, 4000), run(4060, 10_000, { held: 4000, answered: 7000, sound: [7000, 10_000] })]
    expect(assess({ recordings: [recorded({ segments: cut, reason: 'agent-left' })] })).to.deep.include({ wantedMs: 7000, coveredMs: 7000, missingMs: 0 })
    expect(whys({ recordings: [recorded({ segments: cut })] })).to.deep.equal(['hold 4000–7000'])
    expect(whys({ recordings: [recorded({ segments: cut })], answered: null }), 'an answer that nobody saw').to.deep.equal(['hold 4000–7000'])
    const short = [run(0, 4000), run(4060, 10_000, { held: 4000, answered: 7000, sound: [7000, 9000] })]
    expect(whys({ recordings: [recorded({ segments: short })] })).to.deep.equal(['hold 4000–7000', 'drift 9000–10000'])
    const throughout = [run(0, 4000), run(4060, 10_000, { held: 4000, sound: null, discarded: true })]
    expect(whys({ recordings: [recorded({ segments: throughout })] })).to.deep.equal(['hold 4000–10000'])
    const gone = [run(0, 4000), run(4060, 10_000, { held: 4000, answered: 7000, sound: null })]
    expect(whys({ recordings: [recorded({ segments: gone, findings: ['lane-missing'] })] }), 'a file that is gone').to.deep.equal(['hold 4000–7000', 'file-missing 7000–10000'])
  })

  it('lacks what the PBX threw away because nothing had come', () => {
    expect(whys({ recordings: [recorded({ segments: [run(0, 4000), run(4000, 10_000, { sound: null, discarded: true })] })] })).to.deep.equal(['drift 4000–10000'])
  })

  it('counts the hole between two runs once when another recording of the leg has it', () => {
    expect(assess({ recordings: [recorded({ segments: [run(0, 4000), run(4028, 10_000)] }), recorded({ segments: [run(2000, 5000)] })] })).to.include({ missingMs: 0, coveredMs: 10_000 })
  })

  it('lacks everything when nothing is known of a recorder', () => {
    expect(whys({ recordings: [] })).to.deep.equal(['never-started 0–10000'])
  })

  it('lacks what the PBX would not begin', () => {
    const refused = recorded({ state: 'failed', reason: 'start-refused', segments: [run(0, 5, { ran: false, sound: null })] })
    expect(whys({ recordings: [refused] })).to.deep.equal(['recorder-refused 0–10000'])
    const after = recorded({ reason: 'start-refused', segments: [run(0, 4000)] })
    expect(whys({ recordings: [after] }), 'the recorder after a cut').to.deep.equal(['recorder-refused 4000–10000'])
  })

  it('lacks the beginning when the recorder was late, ours or the dialplan\'s', () => {
    expect(whys({ recordings: [recorded({ segments: [run(300, 10_000)] })] })).to.deep.equal(['recorder-late 0–300'])
    expect(whys({ recordings: [recorded({ origin: 'native', segments: [run(250, 10_000)] })] })).to.deep.equal(['native-late 0–250'])
    expect(whys({ recordings: [recorded({ segments: [run(30, 10_000)] })] }), 'within two frames').to.deep.equal([])
  })

  for (const [because, cause] of [['process-down', 'restart'], ['stopped', 'restart'], ['link-down', 'link-down'], ['pbx-restarted', 'pbx-died']] as const) {
    it(`names a hole in a time when nobody looked: ${because}`, () => {
      expect(whys({ recordings: [recorded({ segments: [run(0, 4000), run(6000, 10_000)] })], unobserved: [[3900, 5900, because]] })).to.deep.equal([`${cause} 4000–6000`])
    })
  }

  it('has no hole where nobody looked and the PBX wrote on', () => {
    expect(whys({ recordings: [recorded({ segments: [run(0, 10_000)] })], unobserved: [[2000, null, 'process-down']] })).to.deep.equal([])
  })

  it('lacks what a PBX that died had not written', () => {
    expect(whys({ recordings: [recorded({ reason: 'pbx-restarted', segments: [run(0, 10_000, { sound: [0, 8100] })] })], end: 'pbx-restarted' })).to.deep.equal(['pbx-died 8100–10000'])
  })

  it('lacks what a file is shorter than its call, on a full disk or for another reason', () => {
    const segments = [run(0, 10_000, { sound: [0, 9700] })]
    expect(whys({ recordings: [recorded({ segments })] })).to.deep.equal(['drift 9700–10000'])
    expect(whys({ recordings: [recorded({ segments, findings: ['lanes-differ'] })] })).to.deep.equal(['disk-full 9700–10000'])
  })

  it('lacks a run whose files are gone, or one of them, or could not be brought in', () => {
    expect(whys({ recordings: [recorded({ state: 'failed', reason: 'spool-file-missing', segments: [run(0, 10_000, { sound: null })] })] })).to.deep.equal(['file-missing 0–10000'])
    expect(whys({ recordings: [recorded({ segments: [run(0, 10_000, { sound: [0, 10_000], lanes: 'one' })] })] })).to.deep.equal(['file-missing 0–10000'])
    expect(whys({ recordings: [recorded({ segments: [run(0, 4000), run(4000, 10_000, { sound: null })], findings: ['lane-missing'] })] })).to.deep.equal(['file-missing 4000–10000'])
    expect(whys({ recordings: [recorded({ state: 'failed', reason: 'ingest-failed', segments: [run(0, 10_000, { sound: null })] })] })).to.deep.equal(['never-ingested 0–10000'])
  })

  it('is not lacking what was to be silent, also before the first recorder', () => {
    const evidence = { recordings: [recorded({ segments: [run(5000, 10_000)] })], pauses: [[1000, 5000]] as const }
    expect(assess(evidence)).to.include({ wantedMs: 6000, coveredMs: 5000, missingMs: 1000 })
    expect(whys(evidence)).to.deep.equal(['recorder-late 0–1000', 'paused 1000–5000'])
  })

  it('is not lacking what the rules wanted only from a later moment on', () => {
    expect(whys({ answered: -4000, recordings: [recorded({ segments: [run(0, 10_000)] })] })).to.deep.equal(['started-late -4000–0'])
  })

  for (const reason of ['stopped-on-demand', 'agent-left', 'not-wanted'] as const) {
    it(`is not lacking what follows an end that was asked for: ${reason}`, () => {
      const evidence = { recordings: [recorded({ reason, segments: [run(0, 4000)], ended: 4000 }), recorded({ segments: [run(7000, 9000)], reason: 'hangup' })] }
      expect(whys(evidence)).to.deep.equal([`${reason} 4000–7000`, 'recorder-stopped 9000–10000'])
      expect(assess(evidence)).to.include({ wantedMs: 7000, coveredMs: 6000, missingMs: 1000 })
    })
  }

  it('is not lacking a call for which nobody was armed, because another telephone answered', () => {
    expect(assess({ recordings: [recorded({ state: 'not-recorded', reason: 'not-wanted', segments: [run(-3000, 5, { sound: null, ran: false })], ended: 5 })] })).to.include({ wantedMs: 0, missingMs: 0 })
  })

  it('is not lacking what was recorded until another telephone answered, and thrown away then', () => {
    expect(whys({ recordings: [recorded({ state: 'not-recorded', reason: 'not-wanted', segments: [run(-3000, 500, { sound: null })], ended: 500 })] })).to.deep.equal(['not-wanted 0–500', 'not-wanted 500–10000'])
  })

  it('lacks what a recorder left no sound of, as a call without any packets', () => {
    for (const reason of ['no-audio', 'discarded-by-pbx', 'never-answered'] as const) {
      expect(whys({ recordings: [recorded({ state: 'failed', reason, segments: [run(0, 10_000, { sound: null })] })] })).to.deep.equal(['drift 0–10000'])
    }
  })

  it('does not call it a loss that a recorder wrote nothing, when nobody saw the answer', () => {
    const evidence = { answered: null, recordings: [recorded({ origin: 'native', segments: [run(0, 10_000, { answered: 6000, sound: [3000, 10_000] })] })] }
    expect(whys(evidence)).to.deep.equal(['answer-unseen 0–3000'])
    expect(assess(evidence)).to.include({ wantedMs: 7000, coveredMs: 7000 })
  })

  it('wants nothing of a leg that ends where it begins', () => {
    expect(assess({ to: 0, recordings: [] })).to.deep.equal({ wantedMs: 0, coveredMs: 0, missingMs: 0, gaps: [] })
  })

  it('balances, whatever happened: what is wanted is stored or missing, and no gap lies outside the leg', () => {
    fc.assert(fc.property(anyEvidence, (evidence) => {
      const { wantedMs, coveredMs, missingMs, gaps } = assessCoverage(evidence)
      expect(wantedMs).to.equal(coveredMs + missingMs)
      for (const each of [wantedMs, coveredMs, missingMs]) expect(each).to.be.at.least(0)
      expect(wantedMs).to.be.at.most(Math.max(0, evidence.toAt.getTime() - BEGIN))
      for (const { beganAt, endedAt, why } of gaps.filter(({ why: reason }) => reason !== 'started-late')) {
        expect(beganAt.getTime(), why).to.be.within(BEGIN, endedAt.getTime())
        expect(endedAt.getTime(), why).to.be.at.most(evidence.toAt.getTime())
      }
    }), runs(500))
  })

  it('never lacks more when more was sealed, where nobody asked for an end', () => {
    fc.assert(fc.property(fc.array(anySegment, { maxLength: 6 }), span, (segments, [from, to]) => {
      const before = assess({ recordings: [recorded({ segments })] })
      const after = assess({ recordings: [recorded({ segments }), recorded({ segments: [run(from, to)] })] })
      // A run within a hole gives the hole two more edges, and at an edge two frames are not told.
      expect(after.missingMs).to.be.at.most(before.missingMs + 2 * RESOLUTION_MS)
    }), runs(500))
  })
})

interface Told {
  readonly recordings: readonly CoveringRecording[]
  readonly answered?: number | null
  readonly to?: number
  readonly end?: ExpectationEnd
  readonly pauses?: readonly (readonly [number, number])[]
  readonly unobserved?: readonly (readonly [number, number | null, UnobservedBecause])[]
}

/** A leg of ten seconds, wanted from its answer on. */
function evidenceOf({ recordings, answered = 0, to = 10_000, end = 'hangup', pauses = [], unobserved = [] }: Told): CoverageEvidence {
  return {
    expectation: {
      pbxId: PBX, channelId: parseChannelId('1.1'), side: 'source', fromAt: at(0), callId: parseCallId('1.1'), interactionId: parseInteractionId('i-1'), rule: 'everything', policyVersion: 'ab',
      evidence: answered === null ? 'resync' : 'events', answeredAt: answered === null ? null : at(answered),
    },
    toAt: at(to), end, recordings,
    pauses: pauses.map(([from, until]) => ({ fromAt: at(from), toAt: at(until) })),
    unobserved: unobserved.map(([from, until, because]) => ({ pbxId: PBX, fromAt: at(from), toAt: until === null ? null : at(until), because, callsFound: 0 })),
  }
}

function assess(told: Told): ReturnType<typeof assessCoverage> {
  return assessCoverage(evidenceOf(told))
}

/** `cause from–to`, in milliseconds of the leg. */
function whys(told: Told): readonly string[] {
  return assess(told).gaps.map(({ why, beganAt, endedAt }) => `${why} ${beganAt.getTime() - BEGIN}–${endedAt.getTime() - BEGIN}`)
}

interface Recorded extends Partial<Omit<CoveringRecording, 'segments' | 'peersCame' | 'peersWent' | 'findings' | 'endedAt'>> {
  readonly segments: readonly CoveringSegment[]
  readonly came?: readonly number[]
  readonly went?: readonly number[]
  readonly findings?: readonly ('lanes-differ' | 'lane-missing')[]
  readonly ended?: number
}

function recorded({ segments, came = [], went = [], findings = [], ended = 10_000, ...known }: Recorded): CoveringRecording {
  return { id: idAt(0), isOfLeg: true, state: 'stored', reason: 'hangup', origin: 'controlled', ...known, segments, endedAt: at(ended), peersCame: came.map(at), peersWent: went.map(at), findings: new Set(findings) }
}

interface Run {
  readonly answered?: number | null
  /** From when to when there is sound; what was told when left out. */
  readonly sound?: readonly [number, number] | null
  readonly ran?: boolean
  /** Since when its telephone held. */
  readonly held?: number | null
  readonly discarded?: boolean
  readonly lanes?: 'both' | 'one'
}

function run(from: number, to: number, { answered = null, sound = [from, to], ran = true, lanes = 'both', held = null, discarded = false }: Run = {}): CoveringSegment {
  return {
    recordingId: idAt(0), startedAt: at(from), answeredAt: answered === null ? null : at(answered), endedAt: at(to), ran, heldAt: held === null ? null : at(held), isDiscarded: discarded,
    sound: sound === null ? null : { beganAt: at(sound[0]), durationMs: sound[1] - sound[0], lanes },
  }
}

function at(ms: number): Date {
  return new Date(BEGIN + ms)
}

const instant = fc.integer({ min: -2000, max: 12_000 })
const span = fc.tuple(instant, fc.nat(9000)).map(([from, length]) => [from, from + length] as const)
const anySegment = fc.record({ told: span, sound: fc.option(span), answered: fc.option(instant), ran: fc.boolean(), lanes: fc.constantFrom('both', 'one'), held: fc.option(instant), discarded: fc.boolean() })
  .map(({ told: [from, to], ...rest }) => run(from, to, rest))
const anyRecording = fc.record({
  segments: fc.array(anySegment, { maxLength: 4 }), ended: instant, came: fc.array(instant, { maxLength: 2 }), went: fc.array(instant, { maxLength: 2 }), origin: fc.constantFrom('controlled', 'native'),
  state: fc.constantFrom('stored', 'failed', 'not-recorded', 'purged'), reason: fc.constantFrom('hangup', 'start-refused', 'spool-file-missing', 'stopped-on-demand', 'not-wanted', 'pbx-restarted', 'ingest-failed', null),
}).map(recorded)
const anyEvidence = fc.record({
  recordings: fc.array(anyRecording, { maxLength: 3 }), to: fc.nat(12_000), answered: fc.option(fc.integer({ min: -3000, max: 0 })), end: fc.constantFrom('hangup', 'ended-unseen', 'pbx-restarted'),
  pauses: fc.array(span, { maxLength: 2 }), unobserved: fc.array(span.map(([from, to]) => [from, to, 'link-down'] as const), { maxLength: 2 }),
}).map(evidenceOf)
