import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { DialplanFacts } from '../../../../cli/doctor/ami-facts.ts'
import { checkDialplan } from '../../../../cli/doctor/check-dialplan.ts'

const GOOD: DialplanFacts = { record: true, announce: true, keys: 'CUSTOMER_TYPE,LANGUAGE', spool: '/var/spool/asterisk/recording', spoolDirectory: '/var/spool/asterisk' }
const WISH = { attachedKeys: ['record', 'GRECORD_PARTITIONS', 'CUSTOMER_TYPE', 'LANGUAGE'], recordingDirectory: '/var/spool/asterisk/recording' }

function faults(facts: Partial<DialplanFacts>): readonly string[] {
  return checkDialplan('main', { ...GOOD, ...facts }, WISH).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of the dialplan', () => {
  it('finds nothing wrong where it knows what the settings say, also by its own default', () => {
    expect(faults({})).to.deep.equal([])
    expect(faults({ spool: '' })).to.deep.equal([])
    expect(faults({ spool: '/var/spool/asterisk/recording/' })).to.deep.equal([])
  })

  it('fails without the context that calls are sent to, and warns without the announcement', () => {
    expect(faults({ record: false })).to.deep.equal(['fail: the context holdfast-record is not there: every call through the three lines is dropped'])
    expect(faults({ announce: false })[0]).to.include('warn: the context holdfast-announce is not there')
  })

  it('names the keys that the dialplan would not hand over', () => {
    expect(faults({ keys: 'LANGUAGE' })).to.deep.equal(['warn: the global HOLDFAST_KEYS does not name CUSTOMER_TYPE: the dialplan does not hand them over'])
    expect(faults({ keys: '' })[0]).to.include('CUSTOMER_TYPE, LANGUAGE')
  })

  it('fails when what it records by itself goes elsewhere', () => {
    expect(faults({ spool: '/mnt/spool' })).to.deep.equal(['fail: what it records by itself goes to /mnt/spool, and the settings look in /var/spool/asterisk/recording'])
  })

  it('blames nobody for what cannot be asked', () => {
    expect(faults({ record: null, announce: null, keys: null, spool: null, spoolDirectory: null })).to.deep.equal(['warn: whether holdfast-record is there cannot be asked'])
    expect(faults({ keys: 'X'.repeat(1023) }), 'cut by Getvar').to.deep.equal([])
  })
})
