import { expect } from 'chai'
import { describe, it } from 'mocha'
import { askFacts } from '../../../../../cli/doctor/freeswitch/freeswitch-facts.ts'

const SOCKET = '<configuration name="event_socket.conf">\n  <settings>\n    <param name="listen-ip" value="::"></param>\n    <param name="password" value="s3cret"></param>\n  </settings>\n</configuration>\n'
const ANSWERS: Readonly<Record<string, string>> = {
  'version short': '1.10.12-release\n',
  strmicroepoch: '1795355138790583',
  global_getvar: 'hostname=vm\nhold_music=tone_stream://%(500,500,300);loops=-1\nrecordings_dir=/rec\n\n',
  'xml_locate configuration configuration name event_socket.conf': SOCKET,
  'xml_locate configuration configuration name sofia.conf': 'can\'t find anything\n',
}

/** As a FreeSWITCH answers, but for what a test says otherwise. */
function answering(change: Readonly<Record<string, string>> = {}): (line: string) => Promise<string> {
  return async (line) => await Promise.resolve(change[line] ?? ANSWERS[line] ?? (line.startsWith('module_exists') ? 'true' : line.startsWith('acl ') ? 'false' : `-ERR ${line} Command not found!\n`))
}

describe('the facts of a FreeSWITCH', () => {
  it('are what it answers', async () => {
    const { version, missingModules, globals, eventSocket, sofia } = await askFacts(answering(), 's3cret')
    expect({ version, missingModules, sofia }).to.deep.equal({ version: '1.10.12-release', missingModules: [], sofia: null })
    expect(globals.get('hold_music')).to.equal('tone_stream://%(500,500,300);loops=-1')
    expect(eventSocket).to.deep.equal({ listenIp: '::', password: 'own', accessLists: [{ name: 'loopback.auto', letsIn: 'some' }] })
  })

  it('have no version, no clock and no modules where nobody knows the questions', async () => {
    const { version, clockOffsetMs, missingModules } = await askFacts(answering({ 'version short': '-ERR version Command not found!\n', strmicroepoch: '-ERR strmicroepoch Command not found!\n', 'module_exists mod_sndfile': 'false' }), 'x')
    expect({ version, clockOffsetMs, missingModules }).to.deep.equal({ version: null, clockOffsetMs: null, missingModules: ['mod_sndfile'] })
  })

  for (const [what, text, password] of [
    ['is written', SOCKET.replace('s3cret', 'ClueCon'), 's3cret'],
    ['is empty, which means the same', SOCKET.replace('s3cret', ''), 's3cret'],
    ['is not written, which means the same', SOCKET.replace(/.*password.*\n/, ''), 's3cret'],
    ['is the one that works', SOCKET, 'ClueCon'],
  ] as const) {
    it(`know the password of everybody where it ${what}`, async () => {
      const { eventSocket } = await askFacts(answering({ 'xml_locate configuration configuration name event_socket.conf': text }), password)
      expect(eventSocket?.password).to.equal('default')
      expect(JSON.stringify(eventSocket)).not.to.include('s3cret')
    })
  }

  it('know which access list lets strangers in, and ask for no name that is a command', async () => {
    const asked: string[] = []
    const lists = SOCKET.replace('</settings>', '<param name="apply-inbound-acl" value="lan"/><param name="apply-inbound-acl" value="any"/><param name="apply-inbound-acl" value="x y"/></settings>')
    const ask = answering({ 'xml_locate configuration configuration name event_socket.conf': lists, 'acl 2001:db8::77 any': 'true' })
    const { eventSocket } = await askFacts(async (line) => {
      asked.push(line)
      return await ask(line)
    }, 'x')
    expect(eventSocket?.accessLists).to.deep.equal([{ name: 'lan', letsIn: 'some' }, { name: 'any', letsIn: 'strangers' }, { name: 'x y', letsIn: 'some' }])
    expect(asked.filter((line) => line.includes('x y'))).to.deep.equal([])
  })
})
