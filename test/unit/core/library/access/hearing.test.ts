import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester, type RoleDefinition } from '../../../../../core/domain/actor.ts'
import { parseChannelId, parseCustomRoleName, parseUnitId, type RecordingId } from '../../../../../core/domain/ids.ts'
import type { MediaObject } from '../../../../../core/domain/media.ts'
import { EDGE_MS } from '../../../../../core/domain/own-parts.ts'
import type { Recording } from '../../../../../core/domain/recording.ts'
import { Hearing, silenced } from '../../../../../core/library/access/hearing.ts'
import { Organisations } from '../../../../../core/library/people/organisations.ts'
import { wavHeader } from '../../../../../core/domain/wav-header.ts'
import { describeAudio } from '../../../../support/audio/describe-audio.ts'
import { collect, inPieces } from '../../../../support/bytes.ts'
import { runs } from '../../../../support/property-runs.ts'
import { idAt, mediaOf, recordingFrom, seconds, wholeLife } from '../../../../support/recording-facts.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'

const RATE = 8000
const TONES = { anna: 500, berta: 900, customer: 1300 }
const [NORTH, SOUTH] = [parseUnitId('north'), parseUnitId('south')]
const OWN_PARTS: RoleDefinition = { ...DEFAULT_ROLES.supervisor, name: parseCustomRoleName('lead'), hears: 'own-parts' }
const ORGANISATION = {
  places: [NORTH, SOUTH].map((unitId) => ({ unitId, name: unitId, parentId: null, fromAt: new Date(0), toAt: null })),
  members: [{ unitId: NORTH, agent: 'anna', fromAt: new Date(0), toAt: null }, { unitId: SOUTH, agent: 'berta', fromAt: new Date(0), toAt: null }],
}
const hearing = new Hearing(new Organisations({ read: async () => ({ users: [], roles: [], organisation: ORGANISATION }), organisationVersion: async () => 1 }))

function requester(change: Partial<Requester> = {}): Requester {
  return { actor: { type: 'token', id: 'a' }, role: OWN_PARTS, label: '', reach: [], units: [NORTH], binding: null, address: '', ...change }
}

/** A party from second to second of the sound. */
type Heard = readonly [agent: string | null, from: number, to: number | null]

function recordingWith(parties: readonly Heard[], partitions: readonly string[] = []): Recording {
  return {
    ...recordingFrom(wholeLife({ id: idAt(0), partitions })),
    parties: parties.map(([agent, from, to], index) => ({ channelId: parseChannelId(`1.${index}`), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent, fromAt: seconds(from), toAt: to === null ? null : seconds(to) })),
  }
}

/** Nine seconds: Anna, then Berta, then Anna again, three each; the customer speaks all the time on the other channel. */
function sound(): { readonly file: Buffer; readonly media: MediaObject } {
  const frames = 9 * RATE
  const data = Buffer.alloc(frames * 4)
  for (let frame = 0; frame < frames; frame += 1) {
    const tone = frame >= 3 * RATE && frame < 6 * RATE ? TONES.berta : TONES.anna
    data.writeInt16LE(Math.round(8000 * Math.sin(2 * Math.PI * TONES.customer * frame / RATE)), frame * 4)
    data.writeInt16LE(Math.round(8000 * Math.sin(2 * Math.PI * tone * frame / RATE)), frame * 4 + 2)
  }
  const file = Buffer.concat([wavHeader({ channels: 2, sampleRateHz: RATE, dataBytes: data.length }), data])
  const peaks = Array.from({ length: 90 }, () => 200)
  return { file, media: { ...mediaOf(idAt(0), 9000), beganAt: seconds(0), channels: 2, sampleRateHz: RATE, sizeBytes: file.length, peaks: [peaks, peaks], peakStretchMs: 100 } }
}

function channelOf(file: Uint8Array, channel: 0 | 1): Int16Array {
  const bytes = Buffer.from(file)
  return Int16Array.from({ length: (bytes.length - 44) / 4 }, (_, frame) => bytes.readInt16LE(44 + frame * 4 + channel * 2))
}

const CALL: readonly Heard[] = [['anna', 0, 3], ['berta', 3, 6], ['anna', 6, null]]

describe('what is heard of a recording', () => {
  it('goes by who was in a unit by the time line, and not by the clock of a PBX', async () => {
    const { media } = sound()
    const recording = recordingWith(CALL)
    const [anna, ...others] = ORGANISATION.members
    const left = { ...ORGANISATION, members: [...(anna === undefined ? [] : [{ ...anna, toAt: new Date(recording.startedAt.getTime() - 1000) }]), ...others] }
    const then = new Hearing(new Organisations({ read: async () => ({ users: [], roles: [], organisation: left }), organisationVersion: async () => 1 }))
    const whole = (await hearing.of(requester(), recording, media)).silent
    expect((await then.of(requester(), { ...recording, clockOffsetMs: 2000 }, media)).silent, 'it began before she left').to.deep.equal(whole)
    expect((await then.of(requester(), { ...recording, clockOffsetMs: null }, media)).silent, 'it began after').to.not.deep.equal(whole)
  })

  it('is the parts of her own agents, and exact silence on both channels where another agent speaks', async () => {
    const { file, media } = sound()
    const heard = await hearing.of(requester(), recordingWith(CALL), media)
    const got = await collect(silenced(inPieces(file), 0, heard))
    expect(got.subarray(0, 44)).to.deep.equal(file.subarray(0, 44))
    expect(describeAudio(channelOf(got, 1), TONES)).to.match(/^0\.00-2\.80 anna · 2\.80-6\.20 zeros · 6\.20-9\.00 anna$/)
    expect(describeAudio(channelOf(file, 1), TONES)).to.include('berta')
    for (const channel of [0, 1] as const) {
      const samples = channelOf(got, channel)
      const edge = EDGE_MS * RATE / 1000
      expect(samples.subarray(3 * RATE - edge, 6 * RATE + edge).every((sample) => sample === 0), `channel ${channel}`).to.equal(true)
      expect(samples.subarray(0, 3 * RATE - edge)).to.deep.equal(channelOf(file, channel).subarray(0, 3 * RATE - edge))
      expect(samples.subarray(6 * RATE + edge)).to.deep.equal(channelOf(file, channel).subarray(6 * RATE + edge))
    }
  })

  it('is the same in every range, however it is cut, and what was read is not written over', async () => {
    const { file, media } = sound()
    const untouched = Buffer.from(file)
    const heard = await hearing.of(requester(), recordingWith(CALL), media)
    const whole = await collect(silenced(inPieces(file), 0, heard))
    await fc.assert(fc.asyncProperty(fc.nat(file.length), fc.nat(file.length), async (one, other) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)]
      const part = await collect(silenced(inPieces(file.subarray(start, end)), start, heard))
      expect(Buffer.compare(part, whole.subarray(start, end))).to.equal(0)
    }), runs(100))
    expect(Buffer.compare(file, untouched)).to.equal(0)
  })

  it('is not told by the waveform either', async () => {
    const { media } = sound()
    const shown = await hearing.shown(requester(), { ...recordingWith(CALL), media })
    for (const peaks of shown?.peaks ?? []) {
      expect(peaks.slice(28, 62)).to.deep.equal(Array.from({ length: 34 }, () => 0))
      expect(peaks.slice(0, 28)).to.deep.equal(Array.from({ length: 28 }, () => 200))
      expect(peaks.slice(62)).to.deep.equal(Array.from({ length: 28 }, () => 200))
    }
  })

  const whole: Readonly<Record<string, readonly [Partial<Requester>, Recording]>> = {
    'her role hears the whole': [{ role: DEFAULT_ROLES.supervisor }, recordingWith(CALL)],
    'her own agents alone speak': [{}, recordingWith([['anna', 0, 3], ['anna', 4, null]])],
    'she leads the units of both': [{ units: [NORTH, SOUTH] }, recordingWith(CALL)],
    'a partition of hers has it': [{ reach: ['/sales'] }, recordingWith(CALL, ['/sales/gold'])],
    'she reaches everything': [{ reach: 'all', units: [] }, recordingWith(CALL)],
  }
  for (const [why, [change, recording]] of Object.entries(whole)) {
    it(`is all of it when ${why}`, async () => {
      const { media } = sound()
      expect(await hearing.of(requester(change), recording, media)).to.deep.equal({ file: media, silent: [], silence: 0, version: '' })
      expect(await hearing.shown(requester(change), { ...recording, media })).to.equal(media)
    })
  }

  const silentSeconds: Readonly<Record<string, readonly [Partial<Requester>, readonly Heard[], readonly (readonly [number, number])[]]>> = {
    'an agent whom nobody knows': [{}, [['anna', 0, 3], [null, 3, null]], [[2.8, 9]]],
    'a part before any agent': [{}, [['anna', 2, 5], ['berta', 5, null]], [[0, 2], [4.8, 9]]],
    'another agent in the midst of hers': [{}, [['anna', 0, null], ['berta', 4, 5]], [[3.8, 4.2], [4.8, 5.2]]],
    'all but her own voice, for an agent': [{ role: { ...OWN_PARTS, reach: 'own' }, units: [], binding: { agent: 'berta', desks: [], sees: 'live' } }, CALL, [[0, 3.2], [5.8, 9]]],
  }
  for (const [what, [change, parties, expected]] of Object.entries(silentSeconds)) {
    it(`is silent for ${what}`, async () => {
      const { media } = sound()
      const { silent } = await hearing.of(requester(change), recordingWith(parties), media)
      const second = (byte: number): number => Math.round((byte - 44) / 4 / RATE * 1000) / 1000
      expect(silent.map(({ from, to }) => [second(from), second(to)])).to.deep.equal(expected)
    })
  }

  it('changes with her rights while she listens: the answer ends, and the next one has its own tag', async () => {
    const bench = await LibraryBench.open()
    await bench.people.change(() => ({
      changes: [
        { type: 'role', role: OWN_PARTS },
        ...[NORTH, SOUTH].map((id) => ({ type: 'unit', id, places: ORGANISATION.places.filter(({ unitId }) => unitId === id) }) as const),
        ...ORGANISATION.members.map((member) => ({ type: 'members', agent: member.agent, memberships: [member] }) as const),
      ], audit: [], restamp: null,
    }))
    const { id } = await bench.stored({ partitions: [] })
    await joined(bench, id)
    await bench.library.people.edit({ ...requester(), role: DEFAULT_ROLES.administrator, reach: 'all', units: [] }, [{ type: 'user', name: 'carla', must: 'be-new', wish: { role: OWN_PARTS.name, units: [NORTH] } }])
    const [carla] = bench.people.people.users
    const signedIn = carla === undefined ? null : await bench.library.authentication.user(carla.id, '192.0.2.1')
    if (signedIn === null) throw new Error('nobody')
    const { ticket } = await bench.library.playback.request(signedIn, id)
    const found = await bench.library.playback.find(ticket, { address: '192.0.2.1', actor: null })
    expect(found.heard.version).to.match(/^[0-9a-f]{16}$/)
    const reading = bench.library.playback.read(found, 0, 200_000)
    await reading.next()
    expect(bench.audit.entries.at(-1)).to.have.property('action', 'playback.begun')
    expect(bench.audit.entries.at(-1)?.details).to.include({ hears: 'own-parts' })
    await bench.people.change(() => ({ changes: [{ type: 'role', role: { ...OWN_PARTS, hears: 'whole' } }], audit: [], restamp: null }))
    bench.now = new Date(bench.now.getTime() + 6000)
    await expectCode(reading.next(), 'TICKET_EXPIRED')
    expect((await bench.library.playback.find(ticket, { address: '192.0.2.1', actor: null })).heard.version).to.equal('')
  })
})

/** Anna and then Berta are heard in it, at the time of its sound. */
async function joined(bench: LibraryBench, id: RecordingId): Promise<void> {
  const { media } = await bench.repository.find(id, { type: 'all' }) ?? { media: null }
  const began = media?.beganAt.getTime() ?? 0
  for (const [index, agent] of ['anna', 'berta'].entries()) {
    const fromAt = new Date(began + index * 3000)
    await bench.tell({ type: 'party-joined', recordingId: id, at: fromAt, party: { channelId: parseChannelId(`1.${index}`), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent, fromAt, toAt: index === 0 ? new Date(began + 3000) : null } })
  }
}
