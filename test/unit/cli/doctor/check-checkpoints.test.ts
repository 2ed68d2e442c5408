import { readdir, writeFile } from 'node:fs/promises'
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

  it('is a warning where the folder is not there, a failure where nothing can be written, and leaves nothing where all is well', async () => {
    const folder = await temporaryDirectory()
    expect(await checkCheckpointFile(null)).to.deep.equal([])
    expect(await checkCheckpointFile(join(folder, 'checkpoints.jsonl'))).to.deep.equal([])
    expect(await readdir(folder)).to.deep.equal([])
    const [away] = await checkCheckpointFile(join(folder, 'share', 'checkpoints.jsonl'))
    expect(away).to.deep.include({ subject: 'audit', status: 'warn', found: `${join(folder, 'share')} is not there: the service makes it, on whatever disk that is` })
    await writeFile(join(folder, 'share'), 'no folder')
    const [wrong] = await checkCheckpointFile(join(folder, 'share', 'checkpoints.jsonl'))
    // Root may go everywhere, and still not through a file.
    expect([wrong?.status, wrong?.found.startsWith('checkpoints cannot be written to')]).to.deep.equal(['fail', true])
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
