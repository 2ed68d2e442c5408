import { expect } from 'chai'
import { describe, it } from 'mocha'
import { untilReady } from '../../../../cli/demo/until-ready.ts'
import { expectCode } from '../../../support/rejection.ts'

const STATES = '{"status":"not-ready","components":[{"component":"spool lab","ok":false}]}'

describe('the demonstration', () => {
  it('waits until everything is ready', async () => {
    const answers = [false, false, true]
    await untilReady(async () => await Promise.resolve({ ok: answers.shift() ?? false, text: async () => await Promise.resolve(STATES) }), { log: 'holdfast.log', withinMs: 60_000 })
    expect(answers).to.deep.equal([])
  })

  it('says what is not ready, and where the log is', async () => {
    const failure = await expectCode(untilReady(async () => await Promise.resolve({ ok: false, text: async () => await Promise.resolve(STATES) }), { log: '/demo/holdfast.log', withinMs: 0 }), 'LAB_FAILED')
    expect(failure.message).to.equal(`Holdfast beside the private PBX was not ready within 0 s: ${STATES}. Its log is /demo/holdfast.log`)
  })
})
