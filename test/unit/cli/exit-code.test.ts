import { expect } from 'chai'
import { describe, it } from 'mocha'
import { errorLines, exitCodeOf } from '../../../cli/exit-code.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'

describe('an error at the console', () => {
  it('tells message, code and what to do next', () => {
    const lines = errorLines(new HoldfastError('PBX_UNREACHABLE', 'no AMI connection to 127.0.0.1:5038: ECONNREFUSED'))
    expect(lines[0]).to.equal('holdfast: no AMI connection to 127.0.0.1:5038: ECONNREFUSED [PBX_UNREACHABLE]')
    expect(lines[1]).to.include('holdfast doctor')
    expect(lines[2]).to.equal('It may work when tried again.')
  })

  it('calls a condition by the option that gave it', () => {
    const first = (code: 'FILTER_INVALID' | 'STORE_FAILED', message: string): string | undefined => errorLines(new HoldfastError(code, message))[0]
    expect(first('FILTER_INVALID', 'startedTo: the range ends before it begins')).to.equal('holdfast: --to: the range ends before it begins [FILTER_INVALID]')
    expect(first('FILTER_INVALID', 'there is no recording to export')).to.equal('holdfast: there is no recording to export [FILTER_INVALID]')
    expect(first('FILTER_INVALID', 'constructor: no')).to.equal('holdfast: constructor: no [FILTER_INVALID]')
    expect(first('STORE_FAILED', 'label: no')).to.equal('holdfast: label: no [STORE_FAILED]')
  })

  it('does not send whoever named a wrong file to the settings', () => {
    expect(errorLines(new HoldfastError('KEY_FILE_INVALID', 'audit.pub cannot be read: there is no such file or directory'))).to.have.length(1)
  })

  it('says that a fault is ours when we did not foresee it, with its stack', () => {
    expect(errorLines(new TypeError('x is not a function')).join('\n')).to.match(/a fault in Holdfast itself: TypeError: x is not a function\n.*exit-code\.test\.ts/s)
  })

  it('ends with 2 for wrong settings and 1 for everything else', () => {
    for (const code of ['CONFIG_INVALID', 'POLICY_INVALID', 'RETENTION_INVALID', 'KEY_FILE_INVALID', 'NO_RECIPIENT', 'REASON_REQUIRED'] as const) expect(exitCodeOf(new HoldfastError(code, 'x')), code).to.equal(2)
    for (const code of ['LISTEN_FAILED', 'ALREADY_RUNNING'] as const) expect(exitCodeOf(new HoldfastError(code, 'x')), code).to.equal(1)
    expect(exitCodeOf(new HoldfastError('STORE_FAILED', 'x'))).to.equal(1)
    expect(exitCodeOf(new Error('x'))).to.equal(1)
  })
})
