import { expect } from 'chai'
import { describe, it } from 'mocha'
import { asteriskFiles, type AsteriskPlan } from '../../../../cli/lab/asterisk-files.ts'

const PLAN: AsteriskPlan = {
  installation: { origin: 'unpacked', version: '22', command: ['/a/asterisk'], modulesDirectory: '/a/modules', dataDirectory: '/a/share' },
  directories: { etc: '/lab/etc', lib: '/lab/lib', log: '/lab/log', run: '/lab/run', spool: '/lab/spool', musicOnHold: '/lab/moh' },
  ports: { ami: 1001, http: 1002, sip: 1003, amiTls: 1004, https: 1005 },
  systemName: 'siteA',
  extensions: '[phones]\nexten => 1,1,Answer()',
  includeFiles: ['/repo/dialplan/holdfast.conf'],
  phones: [],
  managerUsers: [{ name: 'holdfast', secret: 's', read: 'call,user', write: 'system,call', eventFilters: [['eventfilter(action(include),name(Hangup))', '']] }],
  ariUsers: [],
  modules: [],
  certificateFile: null,
  append: {},
}

function file(name: string, changes: Partial<AsteriskPlan> = {}): string {
  return asteriskFiles({ ...PLAN, ...changes }).get(name) ?? ''
}

describe('asteriskFiles', () => {
  it('keeps every server on the loopback interface', () => {
    for (const [name, text] of asteriskFiles(PLAN)) {
      for (const [, bind] of text.matchAll(/^(?:bind|bindaddr|tlsbindaddr) = (.*)$/gm)) expect(bind, name).to.match(/^127\.0\.0\.1(?::\d+)?$/)
    }
    expect(file('manager.conf')).to.contain('port = 1001\n')
    expect(file('http.conf')).to.contain('bindport = 1002\n')
    expect(file('pjsip.conf')).to.contain('bind = 127.0.0.1:1003\n')
  })

  it('points each directory into the laboratory and the programs into the installation', () => {
    expect(file('asterisk.conf')).to.contain('astspooldir = /lab/spool\n').and.to.contain('astmoddir = /a/modules\n').and.to.contain('systemname = siteA\n')
  })

  it('gives events the time of the PBX', () => {
    expect(file('manager.conf')).to.contain('timestampevents = yes\n')
  })

  it('writes a manager user with its filters', () => {
    expect(file('manager.conf')).to.contain('[holdfast]\nsecret = s\nread = call,user\nwrite = system,call\neventfilter(action(include),name(Hangup)) = \n')
  })

  it('offers TLS only with a certificate', () => {
    expect(file('manager.conf')).not.to.contain('tlsenable')
    const encrypted = { certificateFile: '/lab/lab.pem' }
    expect(file('manager.conf', encrypted)).to.contain('tlsbindaddr = 127.0.0.1:1004\ntlscertfile = /lab/lab.pem\n')
    expect(file('http.conf', encrypted)).to.contain('tlsbindaddr = 127.0.0.1:1005\n')
  })

  it('includes dialplan files after the given contexts', () => {
    expect(file('extensions.conf')).to.equal('[phones]\nexten => 1,1,Answer()\n#include "/repo/dialplan/holdfast.conf"\n')
  })

  it('adds what a caller appends, also to a file of its own', () => {
    const append = { 'queues.conf': '[sales]\nmember => PJSIP/agentA', 'voicemail.conf': '[general]' }
    expect(file('queues.conf', { append })).to.match(/^\[general\]\n[^]*\n\[sales\]\nmember => PJSIP\/agentA\n$/)
    expect(file('voicemail.conf', { append })).to.equal('\n[general]\n')
  })

  it('loads what recording, transfers, queues, conferences and parking need, and each module once', () => {
    const modules = [...file('modules.conf', { modules: ['app_page', 'res_snmp'] }).matchAll(/^load = (.*)\.so$/gm)].map(([, name]) => name)
    expect(modules).to.include.members(['func_uri', 'app_userevent', 'app_queue', 'app_confbridge', 'res_parking', 'app_directed_pickup', 'app_mixmonitor', 'chan_pjsip', 'res_snmp'])
    expect(new Set(modules).size).to.equal(modules.length)
    expect(modules.indexOf('func_periodic_hook')).to.be.lessThan(modules.indexOf('app_mixmonitor'))
  })
})
