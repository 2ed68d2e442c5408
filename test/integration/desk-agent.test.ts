import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, beforeEach, describe, it } from 'mocha'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { silence, tone } from '../../adapters/phone/audio-source.ts'
import { longestSilenceMs } from '../support/audio/exact-silence.ts'
import { AGENT_TONE_HZ, DeskLab } from '../support/desk-lab.ts'
import { until } from '../support/hooks.ts'

const CUSTOMER_HZ = 440
const TALK_MS = 1200
/** A pause of some length leaves a silence of that length, less the frames at its edges. */
const PAUSED_AT_LEAST_MS = TALK_MS - 200

describe('an agent at her desk', () => {
  let lab: DeskLab

  before(async () => {
    lab = await DeskLab.open()
  })
  after(() => lab[Symbol.asyncDispose]())

  /** The recordings of one test, when they are stored. */
  let since = new Date()
  const settled = async (count: number): Promise<readonly DemoRecording[]> => await lab.bench.settled(count, { since })
  beforeEach(() => {
    since = new Date()
  })

  it('pauses her own call and no other, by "current" and by its ids', async () => {
    const anna = await lab.agent('--endpoint', lab.desk('agentA'))
    await using own = await lab.call('customer', '1A')
    await using foreign = await lab.call('other', '1B', { agent: 'agentB' })
    const stranger = await lab.agent('--endpoint', lab.desk('agentB'))
    const { interactionId: theirs } = await stranger.now()
    const { interactionId: mine } = await anna.now()
    await delay(TALK_MS)
    expect(await anna.control('Pause')).to.equal('DONE')
    expect((await anna.now()).state).to.equal('PAUSED')
    expect((await stranger.now()).state).to.equal('RECORDING')
    for (const action of ['Pause', 'Resume', 'Start', 'Stop'] as const) expect(await anna.control(action, `{ interactionId: "${theirs ?? ''}" }`)).to.equal('INTERACTION_NOT_FOUND')
    await delay(TALK_MS)
    expect(await anna.control('Resume', `{ interactionId: "${mine ?? ''}" }`)).to.equal('DONE')
    await Promise.all([own.hangUp(), foreign.hangUp()])
    const recordings = await settled(2)
    const silent = new Map<string | null, number>()
    for (const { caller, id, pauses } of recordings) {
      const { recorded, other } = await lab.bench.channels(id)
      silent.set(caller, longestSilenceMs([recorded, other]))
      expect(pauses, caller ?? '').to.have.length(caller === 'customer' ? 1 : 0)
    }
    expect(silent.get('customer')).to.be.above(PAUSED_AT_LEAST_MS)
    expect(silent.get('other')).to.be.below(PAUSED_AT_LEAST_MS / 2)
  })

  it('takes her rights and her name to the next call at another desk, and keeps the call that goes on', async () => {
    const anna = await lab.agent('--agent', 'anna', '--endpoint', lab.desk('agentA'))
    await anna.signIn(lab.desk('agentA'))
    await using old = await lab.call('customer', '1A')
    await using foreign = await lab.call('other', '1B', { agent: 'agentB' })
    const { interactionId: before } = await anna.now()
    expect(await anna.signIn(lab.desk('agentB'))).to.equal(lab.desk('agentB'))
    const { interactionId: now, desks } = await anna.now()
    expect(desks).to.deep.equal([lab.desk('agentB')])
    expect(now).to.be.a('string').and.to.equal(before)
    expect(await anna.control('Pause')).to.equal('DONE')
    expect(await anna.control('Resume')).to.equal('DONE')
    await Promise.all([old.hangUp(), foreign.hangUp()])
    expect(await anna.control('Pause')).to.equal('NO_LIVE_CALL')
    await using next = await lab.call('customer', '1B', { agent: 'agentB' })
    await delay(TALK_MS)
    await next.hangUp()
    const recordings = await settled(3)
    expect(recordings.map(({ dialled, agent, pauses }) => [dialled, agent, pauses.length])).to.deep.equal([['1A', 'anna', 1], ['1B', 'PJSIP/agentB', 0], ['1B', 'anna', 0]])
  })

  it('is not taken over by whoever signs in at her desk, or at the customer\'s telephone', async () => {
    const bob = await lab.agent('--agent', 'bob')
    const mallory = await lab.agent('--agent', 'mallory')
    expect(await bob.signIn(lab.desk('agentA'))).to.equal(lab.desk('agentA'))
    await using call = await lab.call('customer', '1A')
    await delay(TALK_MS)
    expect(await bob.control('Pause')).to.equal('DONE')
    expect(await mallory.signIn(lab.desk('agentA'))).to.equal('DESK_IN_USE')
    expect(await mallory.signIn(lab.desk('customer'))).to.equal('FORBIDDEN')
    expect((await mallory.now()).state).to.equal('NO_CALL')
    for (const action of ['Resume', 'Stop'] as const) expect(await mallory.control(action)).to.equal('NO_LIVE_CALL')
    expect(await bob.control('Resume')).to.equal('DONE')
    await call.hangUp()
    expect((await settled(1))[0]?.agent).to.equal('bob')
    await bob.client.request('mutation { agentSignOut(input: {}) { userErrors { code } } }')
  })

  it('is refused what the rule gives to supervisors alone', async () => {
    const telephone = await lab.agent('--endpoint', lab.desk('agentA'))
    await using call = await lab.call('customer', '3A')
    expect(await telephone.control('Pause')).to.equal('PAUSE_NOT_ALLOWED')
    expect(await telephone.control('Stop')).to.equal('STOP_NOT_ALLOWED')
    expect(await telephone.now()).to.include({ state: 'RECORDING', mayPause: false, mayStop: false, mayStart: false })
    await call.hangUp()
    await settled(2)
  })

  it('is known to the queue that calls her: by its list, and by her login', async () => {
    const clara = await lab.agent('--agent', 'clara')
    const dial = async (number: string): Promise<void> => {
      await using phone = await lab.bench.phone('other', silence())
      const call = await phone.call(number)
      await call.ended()
    }
    // Anna is signed in at this telephone: what a queue says is the weaker word.
    const anna = await lab.agent('--agent', 'anna')
    await anna.client.request('mutation { agentSignOut(input: {}) { userErrors { code } } }')
    await dial('login')
    await until(async () => expect((await clara.now()).desks).to.deep.equal([lab.desk('agentB')]), { withinMs: 5000 })
    await using call = await lab.call('customer', '1Q', { agent: 'agentB' })
    expect((await clara.now()).state).to.equal('RECORDING')
    await delay(TALK_MS)
    await call.hangUp()
    expect((await settled(1))[0]?.agent).to.equal('clara')
    await dial('logout')
    await until(async () => expect((await clara.now()).desks).to.deep.equal([]), { withinMs: 5000 })
  })

  it('is where she logged in at her telephone, until she hangs up', async () => {
    const dora = await lab.agent('--agent', 'dora')
    await using telephone = await lab.bench.phone('agentB', tone(AGENT_TONE_HZ))
    const login = await telephone.call('900')
    await login.answered()
    await until(async () => expect((await dora.now()).desks).to.deep.equal([lab.desk('agentB')]), { withinMs: 5000 })
    expect((await dora.now()).state, 'she waits, and has no call').to.equal('NO_CALL')
    await using customer = await lab.bench.phone('customer', tone(CUSTOMER_HZ))
    const call = await customer.call('1L')
    await call.answered()
    await until(async () => expect((await dora.now()).state).to.equal('RECORDING'), { withinMs: 5000 })
    expect(await dora.control('Pause')).to.equal('DONE')
    expect(await dora.control('Resume')).to.equal('DONE')
    await delay(TALK_MS)
    await call.hangUp()
    expect((await settled(1))[0]?.agent).to.equal('dora')
    await login.hangUp()
    await until(async () => expect((await dora.now()).desks).to.deep.equal([]), { withinMs: 5000 })
  })

  it('is still where she signed in after Holdfast was killed', async () => {
    const anna = await lab.agent('--agent', 'anna')
    await anna.signIn(lab.desk('agentA'))
    await lab.bench.holdfast.kill()
    await lab.bench.start()
    await using call = await lab.call('customer', '1A')
    expect(await anna.control('Pause')).to.equal('DONE')
    await call.hangUp()
    expect((await settled(1))[0]?.agent).to.equal('anna')
    const { deskSeats } = await lab.bench.client.request<{ readonly deskSeats: readonly { readonly desk: string; readonly toAt: string | null }[] }>('{ deskSeats(filter: { agent: "anna" }) { desk toAt } }')
    expect(deskSeats.map(({ desk, toAt }) => [desk, toAt === null])).to.deep.equal([[lab.desk('agentA'), true], [lab.desk('agentB'), false], [lab.desk('agentA'), false]])
  })

  it('searches and plays nothing, and is told no more than that', async () => {
    const anna = await lab.agent('--agent', 'anna')
    await anna.signIn(lab.desk('agentA'))
    await using call = await lab.call('customer', '1A')
    await delay(TALK_MS)
    await call.hangUp()
    const [own] = await settled(1)
    expect(own?.agent).to.equal('anna')
    const id = own?.id ?? ''
    for (const query of [`{ recording(id: "${id}") { plainId } }`, '{ recordings { nodes { plainId } } }', '{ activeRecordings { plainId } }', `{ node(id: "${Buffer.from(`Recording:${id}`).toString('base64url')}") { id } }`]) {
      expect(await anna.client.request(query).then(() => 'answered', (error: unknown) => String(error)), query).to.include('lacks the permission search')
    }
    expect(await anna.client.request(`mutation { recordingRequestPlayback(input: { recordingId: "${id}" }) { playback { ticket } userErrors { code } } }`)).to.deep.equal({ recordingRequestPlayback: { playback: null, userErrors: [{ code: 'FORBIDDEN' }] } })
  })
})
