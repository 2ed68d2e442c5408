import { expect } from 'chai'
import { describe, it } from 'mocha'
import { readFileSync } from 'node:fs'
import { DIALPLAN_VERSION } from '../../../../adapters/asterisk/dialplan-names.ts'
import { type DialplanFacts, OTHER_CONTEXTS } from '../../../../cli/doctor/ami-facts.ts'
import { checkDialplan } from '../../../../cli/doctor/check-dialplan.ts'

const GOOD: DialplanFacts = { record: true, announce: true, missingContexts: [], current: true, sipHeaders: 'X-Class:CLASS', cli: '/usr/sbin/asterisk', keys: 'CUSTOMER_TYPE,LANGUAGE', spool: '/var/spool/asterisk/recording', spoolDirectory: '/var/spool/asterisk' }
const WISH = { attachedKeys: ['record', 'GRECORD_PARTITIONS', 'CUSTOMER_TYPE', 'LANGUAGE'], sipHeaders: ['X-Class:CLASS'], recordingDirectory: '/var/spool/asterisk/recording' }

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

  it('knows a file of another Holdfast, and what it lacks', () => {
    expect(faults({ current: false })).to.deep.equal(['warn: holdfast.conf is of another version of Holdfast'])
    expect(faults({ current: false, missingContexts: ['holdfast-agent', 'holdfast-pause'] })[0]).to.include('fail: holdfast.conf is of an older Holdfast: holdfast-agent, holdfast-pause are not there')
    expect(faults({ record: false, current: false }), 'no file at all').to.have.length(1)
    const file = readFileSync(new URL('../../../../dialplan/asterisk/holdfast.conf', import.meta.url), 'utf8')
    expect(file).to.include(`[holdfast-version]\nexten => ${DIALPLAN_VERSION},1,`)
    for (const context of OTHER_CONTEXTS) expect(file).to.match(new RegExp(`^\\[${context}\\]\\n(?:;.*\\n|exten => (?!s,1).*\\n)*exten => s,1,`, 'm'))
  })

  it('tells of headers that are not handed over, and of codes that need Holdfast', () => {
    expect(faults({ sipHeaders: '' })).to.deep.equal(['warn: the global HOLDFAST_SIP_HEADERS does not name X-Class:CLASS: the dialplan does not hand them over'])
    expect(faults({ cli: '' })[0]).to.include('HOLDFAST_CLI is not set')
  })

  it('fails when what it records by itself goes elsewhere', () => {
    expect(faults({ spool: '/mnt/spool' })).to.deep.equal(['fail: what it records by itself goes to /mnt/spool, and the settings look in /var/spool/asterisk/recording'])
  })

  it('blames nobody for what cannot be asked', () => {
    expect(faults({ record: null, announce: null, current: null, sipHeaders: null, cli: null, keys: null, spool: null, spoolDirectory: null })).to.deep.equal(['warn: whether holdfast-record is there cannot be asked'])
    expect(faults({ keys: 'X'.repeat(1023) }), 'cut by Getvar').to.deep.equal([])
  })
})
