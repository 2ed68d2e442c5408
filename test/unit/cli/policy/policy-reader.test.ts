import { expect } from 'chai'
import { createSecretKey } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { ThreadedPolicyReader } from '../../../../cli/policy/policy-reader.ts'
import { checkPolicyFile, checkPolicyText } from '../../../../config/policy/read-policy.ts'
import { decide } from '../../../../core/domain/rules/decide.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { inputWith } from '../../core/domain/rules/rule-samples.ts'

const KEY = createSecretKey(Buffer.from('k'.repeat(32)))
const TEXT = 'attachedData: { keys: { NOTE: { visibility: restricted } } }\nrules: [{ name: some, when: { caller: { glob: "+49*" }, time: { days: [sun] } }, percent: 50, record: both }]'

describe('a policy that is read in a thread of its own', () => {
  it('decides as one that was read here', async () => {
    const read = await new ThreadedPolicyReader().read({ type: 'draft', text: TEXT, key: KEY })
    const here = checkPolicyText(TEXT, { type: 'given', key: KEY })
    if (read.outcome === 'invalid' || here.outcome === 'invalid') throw new Error('invalid')
    expect(read.attached).to.deep.equal(here.attached)
    for (let call = 0; call < 20; call += 1) {
      const input = inputWith({ interactionId: `call-${call}`, attached: { record: 'source' } })
      expect(decide(read.policy, input)).to.deep.equal(decide(here.policy, input))
    }
  })

  it('keeps this one free: calls are handled meanwhile', async () => {
    const many = Array.from({ length: 500 }, (_, index) => `  - { name: rule-${index}, record: both, when: { queue: q${index} } }`).join('\n')
    let turns = 0
    const timer = setInterval(() => void (turns += 1), 1)
    const read = await new ThreadedPolicyReader().read({ type: 'draft', text: `rules:\n${many}`, key: KEY })
    clearInterval(timer)
    expect(read.outcome).to.equal('valid')
    expect(turns).to.be.above(0)
  })

  it('is one of few drafts: one at a time, some wait, the rest is refused; the file waits for none of them', async () => {
    const reader = new ThreadedPolicyReader({ maxWaiting: 1, deadlineMs: 60_000 })
    const drafts = Array.from({ length: 4 }, () => reader.read({ type: 'draft', text: 'rules: [', key: KEY }))
    const file = reader.read({ type: 'file', file: '/nowhere/policy.yaml' })
    const told = await Promise.allSettled([...drafts, file])
    expect(told.map((one) => one.status === 'fulfilled' ? one.value.outcome : one.reason.code)).to.deep.equal(['invalid', 'invalid', 'RATE_LIMITED', 'RATE_LIMITED', 'invalid'])
  })

  it('is told of its faults with their places, of a file and of a draft', async () => {
    const file = join(await temporaryDirectory(), 'policy.yaml')
    await writeFile(file, 'rules: [{ name: a }]')
    expect(await new ThreadedPolicyReader().read({ type: 'file', file })).to.deep.equal(checkPolicyFile(file))
    const draft = await new ThreadedPolicyReader().read({ type: 'draft', text: 'rules: [', key: KEY })
    expect(draft).to.have.nested.property('problems[0].position.line', 1)
  })
})
