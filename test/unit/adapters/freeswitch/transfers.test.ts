import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { EventReader } from '../../../../adapters/freeswitch/event-reader.ts'
import { parsePbxId } from '../../../../core/domain/ids.ts'
import { eslEvent } from '../../../support/hostile/esl-fixture.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const NOW = new Date('2026-11-22T06:00:00Z')
const CUSTOMER = { 'Unique-ID': 'customer', 'Channel-Name': 'sofia/internal/0049@10.0.0.1', 'Call-Direction': 'inbound', 'Channel-Call-UUID': 'customer', 'Answer-State': 'answered' }
const AGENT = { 'Unique-ID': 'agent', 'Channel-Name': 'sofia/internal/200@10.0.0.2', 'Call-Direction': 'outbound', 'Channel-Call-UUID': 'customer', 'Answer-State': 'answered', variable_originator: 'customer' }
const PAIR = { 'Bridge-A-Unique-ID': 'customer', 'Bridge-B-Unique-ID': 'agent' }
const SENT_ON = { variable_transfer_source: '1795327862:abc:bl_xfer:9910/public/XML' }

describe('legs that a command sends on, on FreeSWITCH', () => {
  let reader: EventReader

  beforeEach(() => {
    reader = new EventReader({ pbxId: parsePbxId('lab'), wanted: () => ({ keys: [], headers: new Map() }), runtime: quietRuntime(() => NOW), recordingDirectory: '/opt/fs/rec', now: () => NOW })
    reader.know([])
    tell('CHANNEL_CREATE', CUSTOMER)
    tell('CHANNEL_CREATE', AGENT)
    tell('CHANNEL_BRIDGE', { ...CUSTOMER, ...PAIR })
  })

  function tell(name: string, headers: Readonly<Record<string, string>>): readonly string[] {
    return reader.read(eslEvent({ 'Event-Name': name, ...headers })).map(({ type }) => type).filter((type) => type === 'transferred')
  }

  it('are a transfer where one of them is sent', () => {
    tell('API', { 'API-Command': 'uuid_transfer', 'API-Command-Argument': 'customer 9910 XML public' })
    expect(tell('CHANNEL_UNBRIDGE', { ...CUSTOMER, ...PAIR, ...SENT_ON })).to.deep.equal(['transferred'])
  })

  for (const named of ['customer', 'agent']) {
    it(`are none where both are sent, and the ${named} is named: neither passes the other on`, () => {
      tell('API', { 'API-Command': 'uuid_transfer', 'API-Command-Argument': `${named} -both 9910 XML public` })
      expect([...tell('CHANNEL_UNBRIDGE', { ...CUSTOMER, ...PAIR, ...SENT_ON }), ...tell('CHANNEL_EXECUTE_COMPLETE', { ...AGENT, ...SENT_ON })]).to.deep.equal([])
    })
  }

  it('leave the reader unharmed by a leg that nobody knows, and an id that is none', () => {
    expect([...tell('API', { 'API-Command': 'uuid_transfer', 'API-Command-Argument': 'nobody -both 1' }), ...tell('API', { 'API-Command': 'uuid_transfer', 'API-Command-Argument': 'a\u0000b -both 1' })]).to.deep.equal([])
  })
})
