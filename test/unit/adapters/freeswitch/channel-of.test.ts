import { expect } from 'chai'
import { describe, it } from 'mocha'
import { endpointOf, identityOf, nameOf } from '../../../../adapters/freeswitch/channel-of.ts'
import { eslEvent } from '../../../support/hostile/esl-fixture.ts'

const USER = { variable_user_name: '200', variable_domain_name: 'example.org' }
const DIALLED = { 'Call-Direction': 'outbound' }
/** As FreeSWITCH tells of a caller who sent X-FS-Channel-Name. */
const NAMED = { variable_sofia_profile_name: 'external', variable_push_channel_name: 'true', variable_sip_from_uri: '0049@1.2.3.4:5066' }

describe('the channel of a message of FreeSWITCH', () => {
  const ENDPOINTS: readonly (readonly [string, Readonly<Record<string, string>>, string | null])[] = [
    ['a user who logged in', { 'Channel-Name': 'sofia/internal/anything@1.2.3.4', ...USER }, 'user/200@example.org'],
    ['a user who was dialled by name, wherever her telephone is', { 'Channel-Name': 'sofia/internal/200@10.0.0.7:5062', ...DIALLED, variable_dialed_user: '200', variable_dialed_domain: 'example.org' }, 'user/200@example.org'],
    ['a user who was dialled, and dialled somebody herself since', { 'Channel-Name': 'sofia/internal/200@10.0.0.7:5062', ...DIALLED, 'Channel-Presence-ID': '200@example.org', variable_dialed_user: '300', variable_dialed_domain: 'example.org' }, 'user/200@example.org'],
    ['a caller who dialled a user: he is not that user', { 'Channel-Name': 'sofia/external/0049@1.2.3.4', variable_dialed_user: '200', variable_dialed_domain: 'example.org' }, 'external/0049@1.2.3.4'],
    ['a caller who only says who he is', { 'Channel-Name': 'sofia/external/200@example.org', 'Channel-Presence-ID': '200@example.org' }, 'external/200@example.org'],
    ['a gateway that was dialled', { 'Channel-Name': 'sofia/external/0049', ...DIALLED, variable_sip_gateway_name: 'carrier' }, 'gateway/carrier'],
    ['a gateway that called, and was asked who it is', { 'Channel-Name': 'sofia/external/0049@1.2.3.4', variable_sip_gateway: 'carrier', variable_sip_authorized: 'true' }, 'gateway/carrier'],
    ['whoever says that he is a gateway', { 'Channel-Name': 'sofia/external/0049@1.2.3.4', variable_sip_gateway: 'carrier', variable_sip_network_ip: '192.0.2.66' }, 'gateway/carrier@192.0.2.66'],
    ['a caller who gives himself the name of a gateway', { 'Channel-Name': 'gateway/carrier', ...NAMED }, 'external/0049@1.2.3.4'],
    ['a caller who gives himself the name of a user', { 'Channel-Name': 'user/200@example.org', ...NAMED }, 'external/0049@1.2.3.4'],
    ['a caller who gives himself the name of half a pair', { 'Channel-Name': 'loopback/200-a', ...NAMED }, 'external/0049@1.2.3.4'],
    ['a caller who gives himself an address of another profile', { 'Channel-Name': 'sofia/internal/200@10.0.0.7', ...NAMED }, 'external/0049@1.2.3.4'],
    ['whoever is dialled for a caller who named himself', { 'Channel-Name': 'sofia/internal/x__B', ...DIALLED, variable_sofia_profile_name: 'internal', variable_origination_channel_name: 'sofia/internal/x__B', variable_sip_destination_url: 'sip:200@10.0.0.7:5062;transport=tcp' }, 'internal/200@10.0.0.7'],
    ['an address with a port and parameters', { 'Channel-Name': 'sofia/internal/200@10.0.0.7:5062;transport=tcp', ...DIALLED }, 'internal/200@10.0.0.7'],
    ['a telephone of another kind', { 'Channel-Name': 'verto.rtc/1008' }, 'verto.rtc/1008'],
    ['half of a pair within FreeSWITCH', { 'Channel-Name': 'loopback/200-a', ...USER }, null],
    ['a channel without a name', {}, null],
  ]
  for (const [what, headers, endpoint] of ENDPOINTS) {
    it(`names ${what} ${endpoint ?? 'not at all'}`, () => {
      expect(endpointOf(eslEvent(headers))).to.equal(endpoint)
    })
  }

  it('shows of a caller himself, and of who was dialled her, not the caller that she was shown', () => {
    const shown = { 'Caller-Caller-ID-Number': '0049', 'Caller-Caller-ID-Name': 'José', 'Caller-Callee-ID-Number': '200', 'Caller-Callee-ID-Name': 'Ana', 'Caller-Destination-Number': '201' }
    expect(identityOf(eslEvent(shown))).to.deep.equal({ number: '0049', name: 'José' })
    expect(identityOf(eslEvent({ ...shown, ...DIALLED }))).to.deep.equal({ number: '200', name: 'Ana' })
    expect(identityOf(eslEvent({ ...shown, ...DIALLED, 'Caller-Callee-ID-Number': '', 'Caller-Callee-ID-Name': 'Outbound Call' }))).to.deep.equal({ number: '201', name: null })
  })

  it('gives nobody the name of half a pair who only says so', () => {
    expect(nameOf(eslEvent({ 'Channel-Name': 'loopback/200-a', 'Unique-ID': 'x', ...NAMED }))).to.equal('sofia/external/0049@1.2.3.4:5066')
    expect(nameOf(eslEvent({ 'Channel-Name': 'loopback/200-x;1', ...NAMED }))).to.equal('sofia/external/0049@1.2.3.4:5066')
  })

  it('keeps a name as it is that is of no pair', () => {
    for (const name of ['sofia/internal/x-a@1.2.3.4', 'loopback/200', '']) expect(nameOf(eslEvent({ 'Channel-Name': name }))).to.equal(name)
  })
})
