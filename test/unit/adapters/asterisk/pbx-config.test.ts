import { expect } from 'chai'
import { describe, it } from 'mocha'
import { readFileSync } from 'node:fs'
import { EVENT_MAPPINGS } from '../../../../adapters/asterisk/ami-events.ts'
import * as names from '../../../../adapters/asterisk/dialplan-names.ts'
import { asteriskConfigSnippets, eventFilters } from '../../../../adapters/asterisk/pbx-config.ts'
import { USER_EVENT_MAPPINGS } from '../../../../adapters/asterisk/user-events.ts'
import { SPOOL_FOLDER } from '../../../../adapters/wire/spool-file-name.ts'

/** Raised by whoever wants to attach something; the dialplan is free to. */
const OF_OTHER_PROGRAMS = 'HoldfastAttached'
const OPTIONS = {
  ami: { username: 'holdfast', secret: 'a;b', from: '127.0.0.1/255.255.255.255' },
  ari: { username: 'holdfast', password: 'p' },
  recordingDirectory: '/var/spool/asterisk/recording',
  attachedKeys: ['CUSTOMER_TYPE', 'record'],
  sipHeaders: new Map([['X-Call-Class', 'CALL_CLASS'], ['X-Lang', 'LANGUAGE']]),
}
const DIALPLAN = readFileSync(new URL('../../../../dialplan/asterisk/holdfast.conf', import.meta.url), 'utf8')

describe('asteriskConfigSnippets', () => {
  it('gives the least rights: nothing that runs commands, changes configuration or begins calls', () => {
    const manager = asteriskConfigSnippets(OPTIONS)['manager.conf']
    expect(manager).to.contain('\nread = call,user,dialplan,agent,system\n').and.to.contain('\nwrite = system,call\n')
    expect(manager).not.to.match(/^(read|write) = (.*,)?(command|config|originate|dtmf|all)\b/m)
  })

  it('refuses both families of addresses before it permits ours', () => {
    expect(asteriskConfigSnippets(OPTIONS)['manager.conf']).to.contain('\ndeny = 0.0.0.0/0.0.0.0\ndeny = ::/0\npermit = 127.0.0.1/255.255.255.255\n')
  })

  it('lets the manager listen on loopback where we connect from there, and warns where we do not', () => {
    const general = (from: string): string => asteriskConfigSnippets({ ...OPTIONS, ami: { ...OPTIONS.ami, from } })['manager.conf'].split('\n[')[0] ?? ''
    expect(general('127.0.0.1/32')).to.contain('\nbindaddr = 127.0.0.1\n').and.not.to.contain('ATTENTION')
    expect(general('::1/128')).to.contain('\nbindaddr = ::1\n')
    for (const from of ['10.0.0.7/32', '::12/128', '2001:db8::1/128']) expect(general(from)).to.contain('\n; ATTENTION').and.not.to.match(/^bindaddr/m)
  })

  it('escapes the sign that would begin a comment', () => {
    expect(asteriskConfigSnippets(OPTIONS)['manager.conf']).to.contain('secret = a\\;b\n')
  })

  it('refuses a value that would begin another line', () => {
    expect(() => asteriskConfigSnippets({ ...OPTIONS, ami: { ...OPTIONS.ami, secret: 'x\nwrite = all' } })).to.throw('secret')
  })

  it('names the keys that the dialplan hands over, without those that it always does', () => {
    expect(asteriskConfigSnippets(OPTIONS)['extensions.conf']).to.contain('HOLDFAST_KEYS = CUSTOMER_TYPE\n').and.to.contain('HOLDFAST_SPOOL = /var/spool/asterisk/recording\n').and.to.contain('HOLDFAST_CLI = /usr/sbin/asterisk\n').and.to.contain('HOLDFAST_SIP_HEADERS = X-Call-Class:CALL_CLASS,X-Lang:LANGUAGE\n')
  })

  it('has nothing for ari.conf where ARI is not used', () => {
    expect(asteriskConfigSnippets({ ...OPTIONS, ari: null })['ari.conf']).to.equal(null)
  })
})

describe('eventFilters', () => {
  const text = eventFilters(['CUSTOMER_TYPE']).map((line) => line.join('=')).join('\n')

  it('has a line for every event that is read', () => {
    for (const name of ['FullyBooted', ...Object.keys(EVENT_MAPPINGS)]) expect(text).to.contain(`name(${name})`)
    expect(text).to.contain('name(UserEvent),header(UserEvent),method(starts_with))=Holdfast')
  })

  it('lets attached data through in each form of its variable', () => {
    for (const variable of ['record', '_record', '__record', 'GRECORD_PARTITIONS', '__GRECORD_PARTITIONS', 'CUSTOMER_TYPE', '_CUSTOMER_TYPE', '__CUSTOMER_TYPE']) {
      expect(text).to.match(new RegExp(`method\\(exact\\)\\)=${variable}$`, 'm'))
    }
  })
})

describe('the dialplan and the adapter', () => {
  it('use the same names', () => {
    const { HEARTBEAT_VARIABLE, KEYS_VARIABLE, SPOOL_VARIABLE, ACK_VARIABLE, ANSWER_VARIABLE, RECORDER_VARIABLE, ASTDB_FAMILY, CLI_VARIABLE, PAUSE_WAYS_VARIABLE, PAUSED_VARIABLE, PAUSES_FAMILY } = names
    for (const variable of [`GLOBAL(${HEARTBEAT_VARIABLE})`, `GLOBAL(${KEYS_VARIABLE})`, `GLOBAL(${SPOOL_VARIABLE})`, `CUT(${ACK_VARIABLE},:,1)`, `CUT(${ANSWER_VARIABLE},:,1)`, `GLOBAL(${CLI_VARIABLE})`, `,${PAUSE_WAYS_VARIABLE})`, `,${PAUSED_VARIABLE})`, `DB(${PAUSES_FAMILY}/`, `i(${RECORDER_VARIABLE})`, `DB_EXISTS(${ASTDB_FAMILY}/`]) {
      expect(DIALPLAN).to.contain(variable)
    }
    expect(DIALPLAN).to.contain(`/${SPOOL_FOLDER}/native-`)
    expect(DIALPLAN).to.contain(`/${SPOOL_FOLDER}/resumed-`)
  })

  it('raise and read the same events', () => {
    const raised = new Set([...DIALPLAN.matchAll(/UserEvent\((\w+),/g)].map((match) => match[1] ?? ''))
    expect([...raised].toSorted()).to.deep.equal(Object.keys(USER_EVENT_MAPPINGS).filter((name) => name !== OF_OTHER_PROGRAMS).toSorted())
    for (const name of raised) expect(name.startsWith(names.USER_EVENT_PREFIX)).to.equal(true)
  })
})
