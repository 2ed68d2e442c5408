import { expect } from 'chai'
import { describe, it } from 'mocha'
import { freeSwitchConfigSnippets } from '../../../../adapters/freeswitch/pbx-config.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { parsePbxId } from '../../../../core/domain/ids.ts'

const PBX = parsePbxId('branch')
const ESL = { port: 8021, password: 'own', from: '127.0.0.1' }

describe('freeSwitchConfigSnippets', () => {
  it('lets the event socket listen on loopback alone, where we connect from there', () => {
    const snippets = freeSwitchConfigSnippets({ pbxId: PBX, esl: ESL, recordingDirectory: '/var/lib/freeswitch/recordings/' })
    expect(snippets['autoload_configs/event_socket.conf.xml']).to.contain('<param name="listen-ip" value="127.0.0.1"/>').and.to.contain('value="loopback.auto"')
    expect(snippets['autoload_configs/acl.conf.xml']).to.equal(null)
    expect(snippets['vars.xml']).to.match(/^<X-PRE-PROCESS cmd="set" data="HOLDFAST_SPOOL=\/var\/lib\/freeswitch\/recordings"\/>$/m).and.to.match(/^<X-PRE-PROCESS cmd="set" data="HOLDFAST_PBX=branch"\/>$/m)
    expect(snippets['sip_profiles/*.xml']).to.contain('<param name="fire-transfer-events" value="true"/>')
  })

  for (const [from, cidr] of [['10.9.0.7', '10.9.0.7/32'], ['fd00::7', 'fd00::7/128']] as const) {
    it(`lets in ${from} alone, and warns, where we connect over a network`, () => {
      const snippets = freeSwitchConfigSnippets({ pbxId: PBX, esl: { ...ESL, from }, recordingDirectory: '/rec' })
      expect(snippets['autoload_configs/event_socket.conf.xml']).to.contain('ATTENTION').and.to.contain('<param name="apply-inbound-acl" value="holdfast"/>')
      expect(snippets['autoload_configs/acl.conf.xml']).to.equal(`<list name="holdfast" default="deny">\n  <node type="allow" cidr="${cidr}"/>\n</list>\n`)
    })
  }

  it('writes a password so that it is neither markup nor a variable of FreeSWITCH, and refuses one that begins another line', () => {
    const password = (text: string): string => freeSwitchConfigSnippets({ pbxId: PBX, esl: { ...ESL, password: text }, recordingDirectory: '/rec' })['autoload_configs/event_socket.conf.xml']
    expect(password('a"<$${b}&')).to.contain('value="a&#34;&#60;&#36;&#36;{b}&#38;"')
    expect(() => password('a\nb')).to.throw(HoldfastError)
  })
})
