import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkTransferFault, transferFaultOf } from '../../../../cli/doctor/check-transfer-fault.ts'
import { parsePbxId } from '../../../../core/domain/ids.ts'

const id = parsePbxId('main')

describe('Debian\'s transfer fault', () => {
  for (const [version, buildOptions, fault] of [
    ['22.10.1~dfsg+~cs6.17.60671434-1', null, 'likely'],
    ['22.10.1', 'OPTIONAL_API, TEST_FRAMEWORK', 'likely'],
    ['22.10.1', 'OPTIONAL_API', 'unlikely'],
    ['20.9.2', null, 'unlikely'],
    [null, 'BUILD_NATIVE', 'unlikely'],
    [null, null, 'unknown'],
  ] as const) {
    it(`is ${fault} in ${version ?? 'an unknown version'} built with ${buildOptions ?? 'unknown options'}`, () => {
      expect(transferFaultOf({ version, buildOptions })).to.equal(fault)
    })
  }

  for (const [transferFault, fault, status] of [
    ['auto', 'likely', 'ok'], ['auto', 'unlikely', 'ok'], ['auto', 'unknown', 'ok'],
    ['segment', 'likely', 'ok'], ['segment', 'unknown', 'ok'],
    ['ignore', 'likely', 'fail'], ['ignore', 'unlikely', 'ok'], ['ignore', 'unknown', 'warn'],
  ] as const) {
    it(`that is ${fault} under \`${transferFault}\` is ${status}`, () => {
      expect(checkTransferFault({ id, transferFault }, fault).status).to.equal(status)
    })
  }
})
