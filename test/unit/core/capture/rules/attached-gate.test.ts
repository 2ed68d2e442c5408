import { expect } from 'chai'
import { describe, it } from 'mocha'
import { defaultKey, makeAttachedSchema } from '../../../../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS } from '../../../../../core/domain/rules/decision-input.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

const CARD = '4111111111111111'
const key = (name: string): ReturnType<typeof defaultKey> => defaultKey(name, DEFAULT_FACT_KEYS)
const attached = makeAttachedSchema([key('NOTE'), { ...key('PIN'), store: 'never' }, { ...key('BIRTH'), store: 'masked' }], DEFAULT_FACT_KEYS)

describe('the gate of attached data', () => {
  it('lets nothing in that is not listed or never stored, and masks what must not be kept', async () => {
    const bench = await CaptureBench.open({ attached })
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source', NOTE: `paid with ${CARD}`, PIN: '1234', BIRTH: '1970-01-01', OTHER: 'x' })
    await bench.settled()
    expect(bench.only().attached).to.deep.equal({ record: 'source', NOTE: 'paid with ****1111', BIRTH: '(masked)' })
    expect(JSON.stringify(bench.journal.facts)).not.to.match(new RegExp(`${CARD}|1234"|1970`))
  })

  it('stands before changes during the call', async () => {
    const bench = await CaptureBench.open({ attached })
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    for (const [name, value] of [['PIN', '1234'], ['NOTE', 'x'.repeat(5000)], ['NOTE', CARD], ['BIRTH', '1970-01-01']] as const) {
      bench.pbx.emit({ type: 'attached-changed', ...bench.pbx.of(customer), change: { key: name, value, source: 'dialplan', at: bench.pbx.now } })
    }
    await bench.settled()
    expect(bench.only().attachedChanges.map(({ key: changed, value }) => [changed, value])).to.deep.equal([['record', 'source'], ['NOTE', '****1111'], ['BIRTH', '(masked)']])
  })

  it('stands before native recordings, also those that are told when the link comes back', async () => {
    const bench = await CaptureBench.open({ attached })
    const channel = bench.pbx.call('customer')
    bench.pbx.connect([{
      type: 'native-recording', began: 'yes', ...bench.pbx.of(channel), because: 'no-answer', recorderId: 'n', direction: 'inbound', files: { received: 'n.rx', transmitted: 'n.tx' },
      caller: channel.caller, dialled: '100', attached: { record: 'source', PIN: '1234', NOTE: 'kept' }, headers: {}, interactionId: null, announcement: null,
    }])
    await bench.settled()
    expect(bench.only().attached).to.deep.equal({ record: 'source', NOTE: 'kept' })
  })

  it('tells headers from what the dialplan says, and takes them where a key allows it', async () => {
    const schema = makeAttachedSchema([key('NOTE'), { ...key('CLASS'), sources: ['sip-header'] }, { ...key('BOTH'), sources: ['dialplan', 'sip-header'] }], DEFAULT_FACT_KEYS, new Map([['X-Class', 'CLASS'], ['X-Both', 'BOTH']]))
    const bench = await CaptureBench.open({ attached: schema })
    const customer = bench.pbx.call('customer')
    bench.pbx.emit({
      type: 'recording-asked', ...bench.pbx.of(customer), requestId: 'r', direction: 'inbound', dialled: null, interactionId: null,
      attached: { record: 'source', BOTH: 'of the dialplan', CLASS: 'not of here' }, headers: { CLASS: 'gold', BOTH: 'of a stranger', NOTE: 'x', record: 'no', GRECORD_PARTITIONS: '/all' },
    })
    await bench.settled()
    expect(bench.only().attached).to.deep.equal({ record: 'source', BOTH: 'of the dialplan', CLASS: 'gold' })
    expect(bench.only().partitions).to.deep.equal([])
    expect(bench.only().attachedChanges.map(({ key: name, source, at }) => [name, source, at])).to.deep.equal([['record', 'dialplan', bench.pbx.now], ['BOTH', 'dialplan', bench.pbx.now], ['CLASS', 'sip-header', bench.pbx.now]])
  })

  it('lets the dialplan speak after a header, and no header after it', async () => {
    const bench = await CaptureBench.open({ attached: makeAttachedSchema([{ ...key('CLASS'), sources: ['dialplan', 'sip-header'] }], DEFAULT_FACT_KEYS, new Map([['X-Class', 'CLASS']])) })
    const customer = bench.pbx.call('customer')
    const asks = async (attached: Readonly<Record<string, string>>): Promise<void> => {
      bench.pbx.emit({ type: 'recording-asked', ...bench.pbx.of(customer), requestId: 'r', direction: 'inbound', dialled: null, interactionId: null, attached, headers: { CLASS: 'header' } })
      await bench.settled()
    }
    const known = (): unknown => bench.service.context.tracker.find(customer.channelId)?.attached['CLASS']
    await asks({})
    expect(known()).to.equal('header')
    await asks({ CLASS: 'dialplan' })
    expect(known()).to.equal('dialplan')
    await asks({})
    expect(known()).to.equal('dialplan')
  })
})
