import { expect } from 'chai'
import { describe, it } from 'mocha'
import { evolve } from '../../../core/domain/evolve.ts'
import { parseNodeName, parsePbxId } from '../../../core/domain/ids.ts'
import type { ControlledRecording } from '../../../core/library/live/live-control.ts'
import { controlPayload } from '../../../graphql/control-payload.ts'
import { idAt, requested, seconds } from '../../support/recording-facts.ts'

function answered(second: number, pbx: string, outcome: 'done' | 'failed'): ControlledRecording {
  const recording = evolve(null, requested({ id: idAt(second), change: { pbxId: parsePbxId(pbx) } }))
  const result = outcome === 'done'
    ? { recordingId: recording.id, outcome, effectiveAt: seconds(second) } as const
    : { recordingId: recording.id, outcome, code: 'PAUSE_FAILED', message: `PBX ${pbx}: the PBX did not confirm` } as const
  return { recording, result }
}

const payload = async (...answers: readonly ControlledRecording[]) => await controlPayload(async () => await Promise.resolve({ recordings: answers, unconfirmed: [] }))

describe('the payload of a pause', () => {
  it('says which PBXs did not confirm, and that others did', async () => {
    expect(await payload(answered(1, 'a', 'failed'), answered(2, 'b', 'done'), answered(3, 'a', 'failed'))).to.deep.include({ isPartial: true, unconfirmedPbxs: ['a'] })
  })

  it('is whole when all confirmed, or none', async () => {
    expect(await payload(answered(1, 'a', 'done'), answered(2, 'b', 'done'))).to.deep.include({ isPartial: false, unconfirmedPbxs: [], userErrors: [] })
    expect(await payload(answered(1, 'a', 'failed'), answered(2, 'b', 'failed'))).to.deep.include({ isPartial: false, unconfirmedPbxs: ['a', 'b'] })
  })

  it('names the PBXs of a node that did not confirm', async () => {
    const far = { outcome: 'unconfirmed', node: parseNodeName('far'), pbxIds: [parsePbxId('c')], code: 'NODE_UNREACHABLE', message: 'node far did not answer' } as const
    const told = await controlPayload(async () => await Promise.resolve({ recordings: [answered(1, 'a', 'done')], unconfirmed: [far] }))
    expect(told).to.deep.include({ isPartial: true, unconfirmedPbxs: ['c'] })
    expect(told.userErrors.map(({ code }) => code), 'an operator\'s code says nothing to them').to.deep.equal(['PAUSE_FAILED'])
  })
})
