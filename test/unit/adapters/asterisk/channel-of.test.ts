import { expect } from 'chai'
import { describe, it } from 'mocha'
import { AmiMessage } from '../../../../adapters/asterisk/ami-message.ts'
import { creationOf, endpointOf, timeOf } from '../../../../adapters/asterisk/channel-of.ts'
import { parseChannelId } from '../../../../core/domain/ids.ts'

describe('endpointOf', () => {
  const ENDPOINTS: Readonly<Record<string, string | null>> = {
    'PJSIP/agentA-0000001c': 'PJSIP/agentA',
    'PJSIP/agent-a-b-0000001c': 'PJSIP/agent-a-b',
    'SIP/trunk.example-000000ff': 'SIP/trunk.example',
    'IAX2/peer-5214': 'IAX2/peer',
    'DAHDI/i1/123-2': 'DAHDI/i1/123',
    'PJSIP/agentA-0000001c<ZOMBIE>': 'PJSIP/agentA',
    'Local/200@from-agent-00000001;1': null,
    'Snoop/1795.1-00000001': null,
    'PJSIP/': null,
    'nothing': null,
    '': null,
  }
  for (const [name, endpoint] of Object.entries(ENDPOINTS)) {
    it(`finds ${endpoint ?? 'no telephone'} behind ${name === '' ? 'an empty name' : name}`, () => expect(endpointOf(name)).to.equal(endpoint))
  }
})

describe('creationOf', () => {
  it('reads the second of creation from an id, with and without the name of the system', () => {
    expect(creationOf(parseChannelId('1795326065.0'))).to.deep.equal(new Date(1_795_326_065_000))
    expect(creationOf(parseChannelId('site-a-1795326065.123'))).to.deep.equal(new Date(1_795_326_065_000))
  })

  it('is null where an id tells no time', () => {
    expect(creationOf(parseChannelId('my-own-id'))).to.equal(null)
  })
})

describe('timeOf', () => {
  it('reads the microseconds of an event', () => {
    expect(timeOf(message('1795326065.889555'))?.toISOString()).to.equal('2026-11-22T05:41:05.889Z')
  })

  it('is null without a time, and for one that cannot be', () => {
    for (const text of ['', 'yes', '-1', '99999999999999999999', 'NaN', 'Infinity']) expect(timeOf(message(text))).to.equal(null)
    expect(timeOf(new AmiMessage(new Map()))).to.equal(null)
  })
})

function message(timestamp: string): AmiMessage {
  return new AmiMessage(new Map([['timestamp', [timestamp]]]))
}
