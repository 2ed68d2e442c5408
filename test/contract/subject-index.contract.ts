import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseNodeName, type RecordingId } from '../../core/domain/ids.ts'
import type { DataSubject } from '../../core/ports/subject-index.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { condemnation, orderFor, storedRecording } from '../support/held-recordings.ts'
import { AGENT_CHANNEL, CUSTOMER_CHANNEL, idAt, journalled, seconds } from '../support/recording-facts.ts'

const HERS = '+4915559999'
const KEY = 'CUSTOMER_ID'

/** What every index of persons finds. `open` gives an empty catalogue. */
export function subjectIndexContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} is a SubjectIndex`, () => {
    const found = async ({ subjects }: Catalogue, subject: Partial<DataSubject>, most = 10): Promise<readonly RecordingId[]> =>
      await subjects.recordingsOf({ numbers: [], customerIds: [], ...subject }, { customerIdKey: KEY, most })

    it('finds who called, who was called, who was heard and who took part in a transfer, each recording once', async () => {
      const catalogue = await open()
      await storedRecording(catalogue, { id: idAt(0), change: { caller: { number: HERS, name: null }, callee: { number: HERS, name: null } } })
      await storedRecording(catalogue, { id: idAt(60), change: { callee: { number: HERS, name: null } } })
      await storedRecording(catalogue, { id: idAt(120) })
      const leg = { channelId: AGENT_CHANNEL, identity: { number: '201', name: null }, endpoint: null } as const
      const of = { at: seconds(1) } as const
      await catalogue.repository.apply({ node: parseNodeName('node-2'), journal: 'more' }, journalled([
        { type: 'party-joined', ...of, recordingId: idAt(120), party: { channelId: CUSTOMER_CHANNEL, side: 'customer', identity: { number: HERS, name: 'M. Muster' }, endpoint: null, agent: null, fromAt: seconds(1), toAt: null } },
      ]))
      await storedRecording(catalogue, { id: idAt(180) })
      await catalogue.repository.apply({ node: parseNodeName('node-2'), journal: 'transfer' }, journalled([
        { type: 'transferred', ...of, recordingId: idAt(180), transfer: { kind: 'blind', at: seconds(2), by: leg, to: { ...leg, identity: { number: HERS, name: null } } } },
      ]))
      await storedRecording(catalogue, { id: idAt(240) })
      expect(await found(catalogue, { numbers: [HERS] })).to.deep.equal([idAt(0), idAt(60), idAt(120), idAt(180)])
      expect(await found(catalogue, { numbers: [HERS] }, 2)).to.deep.equal([idAt(0), idAt(60), idAt(120)])
      expect(await found(catalogue, { numbers: [`${HERS} `, HERS.slice(1)] })).to.deep.equal([])
    })

    it('finds what a customer has, or once had, under the key that names customers, and under no other', async () => {
      const catalogue = await open()
      await storedRecording(catalogue, { id: idAt(0), attached: { [KEY]: 'K-1' } })
      await storedRecording(catalogue, { id: idAt(60), attached: { other: 'K-1' } })
      await storedRecording(catalogue, { id: idAt(120), attached: { [KEY]: 'k-1' } })
      expect(await found(catalogue, { customerIds: ['K-1'] })).to.deep.equal([idAt(0)])
      // `wholeLife` sets customer to C-1, and later to C-2.
      expect(await catalogue.subjects.recordingsOf({ numbers: [], customerIds: ['C-1'] }, { customerIdKey: 'customer', most: 10 })).to.deep.equal([idAt(0), idAt(60), idAt(120)])
      expect(await catalogue.subjects.recordingsOf({ numbers: [], customerIds: ['K-1'] }, { customerIdKey: null, most: 10 })).to.deep.equal([])
    })

    it('finds nobody in what was destroyed', async () => {
      const catalogue = await open()
      await storedRecording(catalogue, { id: idAt(0), attached: { [KEY]: 'K-1' }, change: { caller: { number: HERS, name: null } } })
      await catalogue.destructions.condemn(orderFor(idAt(0)), condemnation())
      expect(await found(catalogue, { numbers: [HERS], customerIds: ['K-1'] })).to.deep.equal([])
    })
  })
}
