import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkMedia } from '../../../../../cli/doctor/freeswitch/check-media.ts'
import type { FreeSwitchFacts } from '../../../../../cli/doctor/freeswitch/freeswitch-facts.ts'
import { tagsOf } from '../../../../../cli/doctor/freeswitch/xml-tags.ts'
import { parsePbxId } from '../../../../../core/domain/ids.ts'

function profile(params: Readonly<Record<string, string>> = {}, gateways = ''): string {
  const all = { 'fire-transfer-events': 'true', 'inbound-codec-prefs': 'PCMU,PCMA', ...params }
  return `<configuration name="sofia.conf"><profiles><profile name="internal"><gateways>${gateways}</gateways><settings>${Object.entries(all).map(([name, value]) => `<param name="${name}" value="${value}"/>`).join('')}</settings></profile></profiles></configuration>`
}

function dialplan(...actions: readonly string[]): string {
  return `<section name="dialplan"><context name="public"><extension name="agents"><condition>${actions.join('')}</condition></extension></context></section>`
}

interface Configured {
  readonly sofia?: string | null
  readonly dialplan?: string | null
  readonly directory?: string | null
  readonly globals?: Readonly<Record<string, string>>
  readonly spoolFormat?: 'wav' | 'wav16'
}

function faults({ sofia = profile(), dialplan: routes = dialplan(), directory = '<section name="directory"></section>', globals = {}, spoolFormat = 'wav' }: Configured): readonly string[] {
  const read = (xml: string | null): ReturnType<typeof tagsOf> | null => (xml === null ? null : tagsOf(xml))
  const facts: FreeSwitchFacts = {
    version: '1.10.12-release', clockOffsetMs: 0, missingModules: [], globals: new Map(Object.entries(globals)), event: { pbxTimeMs: 0 }, eventSocket: null,
    sofia: read(sofia), dialplan: read(routes), directory: read(directory),
  }
  return checkMedia({ id: parsePbxId('fs'), spoolFormat }, facts).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of a FreeSWITCH\'s media', () => {
  it('finds nothing wrong with calls that pass through it', () => {
    expect(faults({})).to.deep.equal([])
  })

  for (const [where, configured, place] of [
    ['a global variable', { globals: { recording_follow_transfer: 'true' } }, 'recording_follow_transfer (global variable)'],
    ['a step of the dialplan', { dialplan: dialplan('<action application="set" data="recording_follow_transfer=true"/>') }, 'recording_follow_transfer (dialplan public/agents)'],
    ['an anti-action', { dialplan: dialplan('<anti-action application="export" data="nolocal:recording_follow_attxfer=yes"/>') }, 'recording_follow_attxfer (dialplan public/agents)'],
    ['a dial string', { dialplan: dialplan('<action application="bridge" data="{a=1,recording_follow_attxfer=true}user/1001"/>') }, 'recording_follow_attxfer (dialplan public/agents)'],
    ['a value of the call', { dialplan: dialplan('<action application="set" data="recording_follow_transfer=${follow}"/>') }, 'recording_follow_transfer (dialplan public/agents)'],
    ['a telephone', { directory: '<section name="directory"><domain name="d"><user id="1001"><variables><variable name="recording_follow_transfer" value="on"/></variables></user></domain></section>' }, 'recording_follow_transfer (user 1001)'],
    ['a gateway', { sofia: profile({}, '<gateway name="carrier"><variables><variable name="recording_follow_transfer" value="1"/></variables></gateway>') }, 'recording_follow_transfer (gateway carrier)'],
  ] as const) {
    it(`fails when ${where} lets recordings follow transfers`, () => {
      expect(faults(configured)).to.deep.equal([`fail: a recording that FreeSWITCH itself moves to another leg can no longer be paused or stopped: ${place}`])
    })
  }

  it('is not misled by a no, or by names that only look alike', () => {
    expect(faults({ globals: { recording_follow_transfer: 'false' }, dialplan: dialplan('<action application="set" data="recording_follow_transfer=false"/>', '<action application="set" data="my_recording_follow_transfer=true"/>', '<action application="log" data="INFO recording_follow_transfer"/>') })).to.deep.equal([])
  })

  it('names five places, and counts the others', () => {
    const many = Array.from({ length: 8 }, (_, index) => `<extension name="e${index}"><condition><action data="recording_follow_transfer=true"/></condition></extension>`)
    expect(faults({ dialplan: `<section name="dialplan"><context name="c">${many.join('')}</context></section>` }).join()).to.match(/dialplan c\/e4\), and 3 more$/)
  })

  it('fails for media that never come through, and warns where some do not', () => {
    expect(faults({ sofia: profile({ 'inbound-bypass-media': 'true' }) })).to.deep.equal(['fail: the sound of calls does not pass through FreeSWITCH: inbound-bypass-media in profile internal'])
    expect(faults({ sofia: profile({ 'inbound-proxy-media': 'yes' }), globals: { proxy_media: 'true' } }).join()).to.include('inbound-proxy-media in profile internal, proxy_media (global variable)')
    expect(faults({ dialplan: dialplan('<action application="set" data="bypass_media_after_bridge=true"/>') }).join()).to.match(/^warn: some calls may not be recorded.*bypass_media_after_bridge \(dialplan public\/agents\)$/)
    expect(faults({ sofia: profile({ 'media-option': 'bypass-media-after-att-xfer' }) }).join()).to.match(/^warn: the sound of a call may leave FreeSWITCH in its middle/)
  })

  it('does not take a gateway\'s parameter for the profile\'s', () => {
    expect(faults({ sofia: profile({}, '<gateway name="carrier"><param name="inbound-bypass-media" value="true"/></gateway>') })).to.deep.equal([])
  })

  it('fails where callers choose the ids of their legs', () => {
    expect(faults({ sofia: profile({ 'inbound-use-callid-as-uuid': 'true' }) }).join()).to.match(/^fail: inbound-use-callid-as-uuid in profile internal: /)
  })

  it('warns of a profile that does not tell who passes calls on', () => {
    expect(faults({ sofia: profile({ 'fire-transfer-events': 'false' }) }).join()).to.match(/^warn: nobody tells in profile internal who passes a call on/)
  })

  it('says once what holds for several profiles', () => {
    const two = '<configuration name="sofia.conf"><profiles>' + ['internal', 'external'].map((name) => `<profile name="${name}"><settings><param name="codec-prefs" value="G722,PCMU"/></settings></profile>`).join('') + '</profiles></configuration>'
    expect(faults({ sofia: two }).map((fault) => fault.slice(0, 56))).to.deep.equal(['warn: nobody tells in profile internal, external who pas', 'warn: profile internal, external offers G722, and record'])
  })

  it('hints at codecs that are not read, at those that lose by 8 kHz, and at long frames', () => {
    expect(faults({ sofia: profile({ 'inbound-codec-prefs': 'OPUS@20i,mod_x.G729,PCMU@60i' }) }).map((fault) => fault.slice(0, 45))).to.deep.equal([
      'warn: profile internal offers mod_x.G729, whi', 'warn: profile internal offers OPUS@20i, and r', 'warn: profile internal offers PCMU@60i: a pau',
    ])
    expect(faults({ sofia: profile({ 'outbound-codec-prefs': 'OPUS,G722' }), spoolFormat: 'wav16' })).to.deep.equal([])
  })

  it('does not take what it could not read for well', () => {
    expect(faults({ dialplan: null, directory: null, sofia: null }).join()).to.match(/^warn: sofia\.conf, the dialplan, the directory could not be read/)
  })
})
