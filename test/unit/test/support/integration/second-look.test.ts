import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Failed, FileRun } from '../../../../support/integration/file-run.ts'
import { afterFirst, faultOfSecond, unsteadyLines } from '../../../../support/integration/second-look.ts'

const GREEN: FileRun = { file: 'a.test.ts', exitCode: 0, durationMs: 1, passed: ['is there', 'is whole'], pending: ['is on FreeSWITCH'], failed: [] }
const LOST: Failed = { type: 'test', title: 'is whole', error: 'Error: 20 ms are lost\n    at a.test.ts:7' }
const RED: FileRun = { ...GREEN, exitCode: 1, passed: ['is there'], failed: [LOST] }

function red(count: number): readonly FileRun[] {
  return [GREEN, ...Array.from({ length: count }, (_, index) => ({ ...RED, file: `${index}.test.ts` }))]
}

describe('the second look at integration files', () => {
  it('is not taken where all passed', () => {
    expect(afterFirst([GREEN], 'yes')).to.deep.equal({ outcome: 'passed' })
  })

  it('is taken at three files at most', () => {
    expect(afterFirst(red(3), 'yes')).to.deep.equal({ outcome: 'look-again', files: ['0.test.ts', '1.test.ts', '2.test.ts'] })
    expect(afterFirst(red(4), 'yes')).to.include({ outcome: 'failed' })
  })

  it('may be switched off', () => {
    expect(afterFirst(red(1), 'no')).to.include({ outcome: 'failed' })
    expect(afterFirst([GREEN], 'no')).to.deep.equal({ outcome: 'passed' })
  })

  it('is taken at a file whose process died, or failed without a word', () => {
    for (const exitCode of [null, 7]) expect(afterFirst([{ ...GREEN, exitCode }], 'yes')).to.deep.equal({ outcome: 'look-again', files: [GREEN.file] })
  })

  it('finds a failure where nothing was run', () => {
    expect(afterFirst([], 'yes')).to.include({ outcome: 'failed' })
  })

  it('passes a file of which everything passes alone', () => {
    expect(faultOfSecond(RED, GREEN)).to.equal(null)
  })

  const seconds: Readonly<Record<string, FileRun | null>> = {
    'fails again': RED,
    'fails in another test': { ...GREEN, exitCode: 1, passed: ['is whole'], failed: [{ ...LOST, title: 'is there' }] },
    'dies': { ...GREEN, exitCode: null },
    'ends with a code though no test failed': { ...GREEN, exitCode: 1 },
    'passes over what failed': { ...GREEN, passed: ['is there'], pending: ['is whole'] },
    'passes over what passed at first': { ...GREEN, passed: ['is whole'] },
    'has nothing to run': { ...GREEN, passed: [], pending: ['is there', 'is whole'] },
    'was not run': null,
  }
  for (const [what, second] of Object.entries(seconds)) {
    it(`refuses a file that ${what}`, () => {
      expect(faultOfSecond(RED, second)).to.be.a('string')
    })
  }

  it('passes a file whose hook failed, when its tests are run and pass', () => {
    const hook: Failed = { type: 'hook', title: '"before all" hook for "is there"', error: 'Error: no port' }
    const broken = { ...RED, passed: [], failed: [hook] }
    expect(faultOfSecond(broken, GREEN)).to.equal(null)
    expect(faultOfSecond(broken, { ...GREEN, passed: [], pending: GREEN.passed })).to.be.a('string')
  })

  it('tells every test that failed at first, with its first error', () => {
    expect(unsteadyLines(RED)).to.deep.equal(['UNSTEADY: a.test.ts: "is whole" failed at first, passed alone', '    Error: 20 ms are lost', '        at a.test.ts:7'])
    expect(unsteadyLines({ ...GREEN, exitCode: null })[0]).to.contain('UNSTEADY: a.test.ts')
  })
})
