import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../core/domain/call.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { parseInteractionId } from '../../core/domain/ids.ts'
import type { CaptureControl, ControlAction, ControlAnswer, ControlTarget } from '../../core/ports/capture-control.ts'
import type { FakePbxAdapter } from '../support/fakes/fake-pbx-adapter.ts'
import { expectCode } from '../support/rejection.ts'

const PATIENCE_MS = 4000

/** A call over two sites, each of which may be another node's. Asked at site A, where the customer's side is recorded. */
export interface TwoSitesOfControl extends AsyncDisposable {
  readonly control: CaptureControl
  readonly a: FakePbxAdapter
  readonly b: FakePbxAdapter
  readonly customer: Channel
  /** A telephone of site B becomes a part of the conversation, recorded there. */
  joinAtB(): Promise<void>
  /** Looks again at what was not confirmed. */
  settle(): Promise<void>
}

const masked = ({ a, b }: TwoSitesOfControl): readonly (readonly boolean[])[] => [a, b].map((pbx) => [...pbx.recorders.values()].map((recorder) => recorder.masked))
const isConfirmed = ({ outcome }: ControlAnswer): boolean => outcome === 'done' || outcome === 'already'

/** What control of live calls is to whoever asks, wherever they are recorded. `open` gives a call that site A records, joined by nobody yet. */
export function captureControlContract(name: string, open: () => Promise<TwoSitesOfControl>): void {
  function target({ a, customer }: TwoSitesOfControl): ControlTarget {
    return { channel: { pbxId: a.pbxId, channelId: customer.channelId } }
  }

  async function ask(sites: TwoSitesOfControl, action: ControlAction): Promise<readonly ControlAnswer[]> {
    return await sites.control.control({ action, target: target(sites), by: { type: 'pbx', id: 'agent' }, person: 'agent', how: 'api' }, AbortSignal.timeout(PATIENCE_MS))
  }

  describe(`${name} controls calls over two sites`, () => {
    it('both are silent when it says so, and have sound again when it says so, each twice', async () => {
      await using sites = await open()
      await sites.joinAtB()
      for (const isSilent of [true, false]) {
        for (const _ of ['once', 'twice']) {
          const answers = await ask(sites, isSilent ? 'pause' : 'resume')
          expect([answers.length, answers.every(isConfirmed)]).to.deep.equal([2, true])
          expect(masked(sites)).to.deep.equal([[isSilent], [isSilent]])
        }
      }
    })

    it('what did not confirm is named, and asked until it has', async () => {
      await using sites = await open()
      await sites.joinAtB()
      sites.b.failures.set('mask', new HoldfastError('PBX_TIMEOUT', 'no answer'))
      const answers = await ask(sites, 'pause')
      expect(answers.filter((answer) => !isConfirmed(answer)).map((answer) => JSON.stringify(answer)).join()).to.include(sites.b.pbxId)
      expect([answers.filter(isConfirmed).length, masked(sites)]).to.deep.equal([1, [[true], [false]]])
      sites.b.failures.delete('mask')
      await sites.settle()
      expect(masked(sites)).to.deep.equal([[true], [true]])
    })

    it('what the other site begins to record within a pause is silent from the beginning', async () => {
      await using sites = await open()
      expect((await ask(sites, 'pause')).every(isConfirmed)).to.equal(true)
      await sites.joinAtB()
      expect(masked(sites)[1], 'nothing runs there, or silently').not.to.include(false)
      await ask(sites, 'resume')
      await sites.settle()
      expect(masked(sites)).to.deep.equal([[false], [false]])
    })

    it('nothing is told of a conversation that nobody records', async () => {
      await using sites = await open()
      const command = { action: 'pause', target: { interactionId: parseInteractionId('nobody-1') }, by: { type: 'pbx', id: 'agent' }, person: 'agent', how: 'api' } as const
      await expectCode(sites.control.control(command, AbortSignal.timeout(PATIENCE_MS)), 'RECORDING_NOT_ACTIVE')
      expect(masked(sites)).to.deep.equal([[false], []])
    })
  })
}
