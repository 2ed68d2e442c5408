import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkCheckpoints } from '../../../../cli/doctor/check-checkpoints.ts'

const NONE = { checkpointFile: null, syslog: null, webhook: null } as const
const DATA = '/var/lib/holdfast'

describe('what doctor says of the checkpoints of the audit', () => {
  it('is a warning where nothing outside gets them', () => {
    const check = checkCheckpoints({ audit: NONE, dataDirectory: DATA })
    expect(check).to.deep.include({ subject: 'audit', status: 'warn' })
    expect(check.advice).to.include('audit.checkpointFile').and.include('audit.syslog').and.include('audit.webhook')
  })

  it('is a warning where they lie beside the audit alone', () => {
    const beside = checkCheckpoints({ audit: { ...NONE, checkpointFile: `${DATA}/checkpoints.jsonl` }, dataDirectory: DATA })
    expect(beside).to.have.property('status', 'warn')
    expect(beside.found).to.include('beside the audit')
  })

  for (const [name, outlet, found] of [
    ['a file elsewhere', { checkpointFile: '/mnt/auditor/checkpoints.jsonl' }, 'the file /mnt/auditor/checkpoints.jsonl'],
    ['a folder with a like name', { checkpointFile: `${DATA}-auditor/checkpoints.jsonl` }, 'the file'],
    ['syslog', { syslog: { transport: 'tcp', host: 'log.example.com', port: 601 } }, 'syslog (tcp)'],
    ['a webhook', { webhook: { url: new URL('https://audit.example.com/in?key=secret'), token: 'secret', caPem: null } }, 'a webhook at audit.example.com'],
  ] as const) {
    it(`is where they go: ${name}`, () => {
      const check = checkCheckpoints({ audit: { ...NONE, ...outlet }, dataDirectory: DATA })
      expect(check).to.have.property('status', 'ok')
      expect(check.found).to.include(found).and.not.include('secret')
    })
  }
})
