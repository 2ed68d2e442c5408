import { expect } from 'chai'
import { describe, it } from 'mocha'
import { confText } from '../../../../cli/lab/asterisk-conf.ts'
import { endpointSections } from '../../../../cli/lab/asterisk-endpoints.ts'

const PHONE = { name: 'agentA', context: 'agents', address: null, password: null, entries: [] }

describe('endpointSections', () => {
  it('lets a telephone register, the last registration winning', () => {
    expect(confText(endpointSections(PHONE))).to.contain('type = aor\nmax_contacts = 1\nremove_existing = yes\n').and.not.to.contain('auth')
  })

  it('reaches a telephone at a fixed address', () => {
    expect(confText(endpointSections({ ...PHONE, address: '127.0.0.1:5070' }))).to.contain('contact = sip:agentA@127.0.0.1:5070\n').and.not.to.contain('max_contacts')
  })

  it('asks for a password only when there is one', () => {
    expect(confText(endpointSections({ ...PHONE, password: 'p' }))).to.contain('auth = agentA\n').and.to.contain('username = agentA\npassword = p\n')
  })

  it('keeps the audio on the PBX and puts the caller’s own lines last', () => {
    const text = confText(endpointSections({ ...PHONE, entries: [['set_var', 'GRECORD_SIDE=agent']] }))
    expect(text).to.contain('direct_media = no\n').and.to.contain('dtmf_mode = rfc4733\nset_var = GRECORD_SIDE=agent\n')
  })
})
