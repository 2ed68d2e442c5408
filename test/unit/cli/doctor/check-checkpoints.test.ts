import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkCheckpointFile, checkCheckpoints } from '../../../../cli/doctor/check-checkpoints.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

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

  it('is a failure where the file cannot be written, and leaves nothing where it can', async () => {
    const folder = await temporaryDirectory()
    expect(await checkCheckpointFile(null)).to.deep.equal([])
    expect(await checkCheckpointFile(join(folder, 'checkpoints.jsonl'))).to.deep.equal([])
    expect(await readdir(folder)).to.deep.equal([])
    const away = join(folder, 'share', 'checkpoints.jsonl')
    const [check] = await checkCheckpointFile(away)
    expect(check).to.deep.include({ subject: 'audit', status: 'fail', found: `checkpoints cannot be written to ${away}: there is no such file or directory` })
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
