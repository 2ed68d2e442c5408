import { expect } from 'chai'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { PolicyInForce } from '../../../../cli/policy/policy-in-force.ts'
import { checkPolicyFile, checkPolicyText, loadPolicy } from '../../../../config/policy/read-policy.ts'
import { DEFAULT_ROLES, type Requester } from '../../../../core/domain/actor.ts'
import { Rulebook } from '../../../../core/capture/rules/rulebook.ts'
import { SerialByKey } from '../../../../core/capture/calls/serial.ts'
import { MemoryAuditLog } from '../../../support/fakes/memory-audit-log.ts'
import { MemoryCaptureJournal } from '../../../support/fakes/memory-capture-journal.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import type { PolicyProblem } from '../../../../core/ports/policy-control.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const FIRST = 'rules: [{ name: first, record: source }]'

/** A service's policy in a file that the test writes, and everything that was told of it. */
async function bench(problems: readonly PolicyProblem[] = []): Promise<{ readonly kept: readonly string[]; readonly policy: PolicyInForce; readonly rules: Rulebook; write(text: string): Promise<void>; readonly told: unknown[]; readonly audit: MemoryAuditLog }> {
  const file = join(await temporaryDirectory(), 'policy.yaml')
  await writeFile(file, FIRST)
  const told: unknown[] = []
  const kept: string[] = []
  const quiet = quietRuntime(() => new Date('2026-11-22T08:00:00Z'))
  const runtime = { ...quiet, metrics: { ...quiet.metrics, gauge: (name: string, value: number) => void told.push(`${name} ${value}`) }, log: { ...quiet.log, error: (fields: unknown) => void told.push(fields) } }
  const rules = new Rulebook(loadPolicy(file), { journal: new MemoryCaptureJournal(), serial: new SerialByKey(), runtime, appended: () => undefined })
  const audit = new MemoryAuditLog()
  const policy = new PolicyInForce({ file, text: FIRST, problems, keep: async (one) => await Promise.resolve(void kept.push(one.text)), rules, reader: { read: async (asked) => await Promise.resolve(asked.type === 'file' ? checkPolicyFile(asked.file) : checkPolicyText(asked.text, { type: 'given', key: asked.key })) }, tellPbxs: async (attached) => {
    told.push([...attached.keys.keys()].filter((key) => key === 'NEW'))
    return await Promise.resolve(attached.keys.has('NEW') ? ['do this'] : [])
  }, changed: () => void told.push('changed'), audit, runtime })
  return { policy, rules, write: (text) => writeFile(file, text), told, audit, kept }
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
    const by: Requester = { actor: { type: 'token', id: 'a' }, role: DEFAULT_ROLES.administrator, label: 'admin', reach: 'all', units: [], binding: null, address: '192.0.2.1' }
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
    const policy = new PolicyInForce({ file: '/x', text: null, problems: [], keep: () => Promise.resolve(), rules, reader: { read: () => Promise.reject(new Error('out of memory')) }, tellPbxs: async (attached) => {
    told.push([...attached.keys.keys()].filter((key) => key === 'NEW'))
    return await Promise.resolve(attached.keys.has('NEW') ? ['do this'] : [])
  }, changed: () => void told.push('changed'), audit, runtime })
    expect((await policy.reload()).outcome).to.equal('refused')
    expect(told).not.to.include('changed')
  })

  it('is kept each time that it is in force, for a start at which its file is wrong', async () => {
    const { policy, write, kept } = await bench()
    await policy.begin()
    await write('rules: [{}]')
    await policy.reload()
    await write('rules: [{ name: second, record: both }]')
    await policy.reload()
    expect(kept).to.deep.equal([FIRST, 'rules: [{ name: second, record: both }]'])
  })

  it('is the kept one when the file was wrong at the start: alarmed, audited, and over when the file is mended', async () => {
    const { policy, told, audit, kept } = await bench([{ path: 'rules[0].record', message: 'is odd', position: { line: 2, column: 5 } }])
    await policy.begin()
    expect(policy.standing()).to.deep.include({ origin: 'kept', text: FIRST })
    expect(policy.standing().problems).to.have.length(1)
    expect(told.filter((one) => typeof one === 'string')).to.deep.equal(['holdfast_policy_broken 0', 'holdfast_policy_broken 1'])
    expect(audit.entries.map(({ action }) => action)).to.deep.equal(['policy.loaded', 'policy.refused'])
    expect(kept, 'it is there already').to.deep.equal([])
    await policy.reload()
    expect(policy.standing()).to.deep.include({ origin: 'file', problems: [] })
    expect(told.at(-1)).to.equal('holdfast_policy_broken 0')
  })

  it('holds though it cannot be kept', async () => {
    const { rules, audit } = await bench()
    const policy = new PolicyInForce({ file: '/x', text: FIRST, problems: [], keep: () => Promise.reject(new Error('disk full')), rules, reader: { read: () => Promise.reject(new Error('not asked')) }, tellPbxs: () => Promise.resolve([]), changed: () => undefined, audit, runtime: quietRuntime() })
    await policy.begin()
    expect(audit.entries.map(({ action }) => action)).to.deep.equal(['policy.loaded'])
  })
})
