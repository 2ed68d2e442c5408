import { expect } from 'chai'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { PolicyInForce } from '../../../../cli/policy/policy-in-force.ts'
import { checkPolicyFile, checkPolicyText, loadPolicy } from '../../../../config/policy/read-policy.ts'
import type { Requester } from '../../../../core/domain/actor.ts'
import { Rulebook } from '../../../../core/capture/rulebook.ts'
import { SerialByKey } from '../../../../core/capture/serial.ts'
import { MemoryAuditLog } from '../../../support/fakes/memory-audit-log.ts'
import { MemoryCaptureJournal } from '../../../support/fakes/memory-capture-journal.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const FIRST = 'rules: [{ name: first, record: source }]'

/** A service's policy in a file that the test writes, and everything that was told of it. */
async function bench(): Promise<{ readonly policy: PolicyInForce; readonly rules: Rulebook; write(text: string): Promise<void>; readonly told: unknown[]; readonly audit: MemoryAuditLog }> {
  const file = join(await temporaryDirectory(), 'policy.yaml')
  await writeFile(file, FIRST)
  const told: unknown[] = []
  const quiet = quietRuntime(() => new Date('2026-11-22T08:00:00Z'))
  const runtime = { ...quiet, metrics: { ...quiet.metrics, gauge: (name: string, value: number) => void told.push(`${name} ${value}`) }, log: { ...quiet.log, error: (fields: unknown) => void told.push(fields) } }
  const rules = new Rulebook(loadPolicy(file), { journal: new MemoryCaptureJournal(), serial: new SerialByKey(), runtime, appended: () => undefined })
  const audit = new MemoryAuditLog()
  const policy = new PolicyInForce({ file, text: FIRST, rules, reader: { read: async (asked) => await Promise.resolve(asked.type === 'file' ? checkPolicyFile(asked.file) : checkPolicyText(asked.text, { type: 'given', key: asked.key })) }, tellPbxs: async (attached) => {
    told.push([...attached.keys.keys()].filter((key) => key === 'NEW'))
    return await Promise.resolve(attached.keys.has('NEW') ? ['do this'] : [])
  }, changed: () => void told.push('changed'), audit, runtime })
  return { policy, rules, write: (text) => writeFile(file, text), told, audit }
}

describe('the policy in force', () => {
  it('is told at the start', async () => {
    const { policy, told, audit, rules } = await bench()
    await policy.begin()
    expect(told).to.deep.equal(['holdfast_policy_broken 0'])
    expect(audit.entries.map(({ action, object, details }) => [action, object.id, details['rules']])).to.deep.equal([['policy.loaded', rules.policy.version, 1]])
  })

  it('becomes that of the file, and calls are looked at again', async () => {
    const { policy, write, told, audit, rules } = await bench()
    await write('attachedData: { keys: { NEW: {} } }\nrules: [{ name: second, record: both }]')
    expect(await policy.reload()).to.deep.equal({ outcome: 'in-force', advice: ['do this'] })
    expect(rules.policy.rules.map(({ name }) => name)).to.deep.equal(['second'])
    expect(rules.attached.keys.has('NEW')).to.equal(true)
    expect(told, 'the PBXs know what is wanted before the first call is decided by it').to.deep.equal([['NEW'], 'holdfast_policy_broken 0', 'changed'])
    expect(audit.entries.map(({ action }) => action)).to.deep.equal(['policy.loaded'])
  })

  it('stays when the file has faults, with an alarm that holds no value of it', async () => {
    const { policy, write, told, audit, rules } = await bench()
    await write('rules: [{ name: x, when: { caller: 491711234567 }, record: source }]')
    await policy.reload()
    expect(rules.policy.rules.map(({ name }) => name)).to.deep.equal(['first'])
    expect(told[0]).to.equal('holdfast_policy_broken 1')
    expect(JSON.stringify([told, audit.entries])).to.include('rules[0].when.caller').and.not.to.include('491711234567')
    expect(audit.entries.map(({ action, outcome }) => [action, outcome])).to.deep.equal([['policy.refused', 'refused']])
    await write(FIRST)
    await policy.reload()
    expect(told.at(-1), 'mended').to.equal('holdfast_policy_broken 0')
    expect(told).not.to.include('changed')
  })

  it('is that of the last reading, however many are asked for at once', async () => {
    const { policy, write, rules } = await bench()
    const first = policy.reload()
    await write('rules: [{ name: last, record: no }]')
    await Promise.all([first, policy.reload()])
    expect(rules.policy.rules.map(({ name }) => name)).to.deep.equal(['last'])
  })

  it('stands with its text, and with what was wrong at the last reading', async () => {
    const { policy, write, rules } = await bench()
    expect(policy.standing()).to.deep.include({ policy: rules.policy, text: FIRST, origin: 'file', problems: [] })
    await write('rules: [{ name: x, record: sometimes }]')
    const refused = await policy.reload()
    expect(refused).to.have.nested.property('problems[0].position').that.deep.equals({ line: 1, column: 28 })
    expect(policy.standing().problems).to.deep.equal('problems' in refused ? refused.problems : null)
    expect(policy.standing().text).to.equal(FIRST)
    const second = 'rules: [{ name: second, record: both }]'
    await write(second)
    expect(await policy.reload()).to.deep.equal({ outcome: 'in-force', advice: [] })
    expect(policy.standing()).to.deep.include({ text: second, problems: [] })
  })

  it('is audited with whoever had it read again, also when nothing changed', async () => {
    const { policy, audit } = await bench()
    const by: Requester = { actor: { type: 'token', id: 'a' }, role: 'administrator', label: 'admin', reach: 'all', binding: null, address: '192.0.2.1' }
    expect(await policy.reload(by)).to.deep.equal({ outcome: 'unchanged', advice: [] })
    await policy.reload()
    expect(audit.entries.map(({ action, actor, reason, personal }) => [action, actor, reason, personal])).to.deep.equal([['policy.loaded', by.actor, 'unchanged', { address: '192.0.2.1', actorLabel: 'admin' }]])
  })

  it('reads a draft with the key in force', async () => {
    const { policy, rules } = await bench()
    const reading = await policy.read('sampling: { keyFile: /etc/passwd }\nrules: []')
    expect(reading).to.have.nested.property('policy.samplingKeyId', rules.policy.samplingKeyId)
  })

  it('outlives a reader that ends', async () => {
    const { rules, told, audit } = await bench()
    const runtime = quietRuntime()
    const policy = new PolicyInForce({ file: '/x', text: null, rules, reader: { read: () => Promise.reject(new Error('out of memory')) }, tellPbxs: async (attached) => {
    told.push([...attached.keys.keys()].filter((key) => key === 'NEW'))
    return await Promise.resolve(attached.keys.has('NEW') ? ['do this'] : [])
  }, changed: () => void told.push('changed'), audit, runtime })
    expect((await policy.reload()).outcome).to.equal('refused')
    expect(told).not.to.include('changed')
  })
})
