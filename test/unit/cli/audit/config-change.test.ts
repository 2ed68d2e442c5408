import { expect } from 'chai'
import { describe, it } from 'mocha'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestsOf, tellConfigChange } from '../../../../cli/audit/config-change.ts'
import { loadSettings } from '../../../../config/load-settings.ts'
import type { Settings } from '../../../../config/settings.ts'
import { MemoryAuditLog } from '../../../support/fakes/memory-audit-log.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

async function settingsWith(directory: string, more: string): Promise<Settings> {
  const file = join(directory, 'holdfast.yaml')
  await writeFile(file, `
dataDirectory: ${directory}
pbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]
${more}`)
  return loadSettings(file, {})
}

describe('a start with other settings', () => {
  it('stands in the audit once, with the names of what changed and no value', async () => {
    const directory = await temporaryDirectory()
    const audit = new MemoryAuditLog()
    const start = async (more: string): Promise<void> => tellConfigChange(await settingsWith(directory, more), { audit, clock: quietRuntime().clock })
    await start('')
    await start('')
    await start('coverage: { toleratedMs: 317771 }\npause: { warnBeforeMs: 1234 }')
    await start('pause: { warnBeforeMs: 1234 }')
    expect(audit.entries.map(({ action, details }) => [action, details['first'], details['changed']])).to.deep.equal([
      ['config.changed', true, ''], ['config.changed', false, 'coverage.toleratedMs,pause.warnBeforeMs'], ['config.changed', false, 'coverage.toleratedMs'],
    ])
    expect(JSON.stringify(audit.entries)).to.not.include('317771').and.to.not.include(directory)
  })

  it('is told again when it could not be written', async () => {
    const directory = await temporaryDirectory()
    const audit = new MemoryAuditLog()
    const surroundings = { audit, clock: quietRuntime().clock }
    audit.unavailable = true
    expect(await tellConfigChange(await settingsWith(directory, ''), surroundings).then(() => 'told', () => 'failed')).to.equal('failed')
    audit.unavailable = false
    await tellConfigChange(await settingsWith(directory, ''), surroundings)
    expect(audit.entries).to.have.length(1)
  })

  it('has no digest of a secret', async () => {
    const names = Object.keys(digestsOf(await settingsWith(await temporaryDirectory(), '')))
    expect(names).to.include('pbxs[main].ami.username')
    expect(names.filter((name) => /\.(?:secret|password|passphrase|token)$/.test(name))).to.deep.equal([])
  })
})
