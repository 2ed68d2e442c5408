import { expect } from 'chai'
import { describe, it } from 'mocha'
import { didYouMean } from '../../../config/did-you-mean.ts'

const KNOWN = ['host', 'port', 'username', 'secret', 'secretFile', 'transferFault']

describe('a guess at what was meant', () => {
  for (const [typed, meant] of [['usrname', 'username'], ['Secret', 'secret'], ['secretfile', 'secretFile'], ['prt', 'port'], ['prot', 'port'], ['transfer_fault', 'transferFault'], ['colour', null], ['', null], ['x'.repeat(1000), null]] as const) {
    it(`makes of "${typed.slice(0, 20)}" ${meant ?? 'nothing'}`, () => {
      expect(didYouMean(typed, KNOWN)).to.equal(meant)
    })
  }
})
