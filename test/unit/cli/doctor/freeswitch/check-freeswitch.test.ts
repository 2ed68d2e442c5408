import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DIALPLAN_VERSION, VERSION_VARIABLE } from '../../../../../adapters/freeswitch/dialplan-names.ts'
import type { Check } from '../../../../../cli/doctor/check.ts'
import { checkFreeSwitch } from '../../../../../cli/doctor/freeswitch/check-freeswitch.ts'
import { checkFreeSwitchDialplan } from '../../../../../cli/doctor/freeswitch/check-freeswitch-dialplan.ts'
import type { FreeSwitchFacts } from '../../../../../cli/doctor/freeswitch/freeswitch-facts.ts'
import { tagsOf } from '../../../../../cli/doctor/freeswitch/xml-tags.ts'

const GOOD: FreeSwitchFacts = {
  version: '1.11.2-release', clockOffsetMs: 12, missingModules: [], event: { pbxTimeMs: 1 }, eventSocket: null, sofia: null, directory: null,
  globals: new Map([[VERSION_VARIABLE, DIALPLAN_VERSION], ['recordings_dir', '/rec']]),
  dialplan: tagsOf('<section name="dialplan"><context name="holdfast"></context><context name="holdfast-codes"></context></section>'),
}

function examined(facts: Partial<FreeSwitchFacts>): readonly Check[] {
  const all = { ...GOOD, ...facts }
  return [...checkFreeSwitch('fs', all), ...checkFreeSwitchDialplan('fs', all, '/rec/')]
}

function faults(facts: Partial<FreeSwitchFacts>): readonly string[] {
  return examined(facts).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of a FreeSWITCH', () => {
  it('finds nothing wrong with a new one', () => {
    expect(faults({})).to.deep.equal([])
  })

  for (const [version, found] of [['1.10.12-release', 'is older than 1.11: a peer whom'], ['1.10.7', 'is older than 1.11: a peer whom'], ['1.10.6-release', 'is older than any that Holdfast knows'], ['1.8.7', 'is older than any that Holdfast knows']] as const) {
    it(`warns of ${version}`, () => {
      expect(faults({ version }).join()).to.match(new RegExp(`^warn: ${version} ${found}`))
    })
  }

  for (const version of ['1.11.0', '1.12.0-dev', '2.0.0']) {
    it(`has nothing to say of ${version}`, () => {
      expect(faults({ version })).to.deep.equal([])
    })
  }

  it('warns when the version is not told', () => {
    expect(faults({ version: null })).to.deep.equal(['warn: which version it is was not told'])
  })

  it('fails when no event comes, or none with a time, and for modules that are not loaded', () => {
    expect(faults({ event: null })).to.deep.equal(['fail: no event came for a command that was given'])
    expect(faults({ event: { pbxTimeMs: null } })).to.deep.equal(['fail: events carry no time'])
    expect(faults({ missingModules: ['mod_sndfile'] })).to.deep.equal(['fail: not loaded: mod_sndfile'])
  })

  it('warns of a clock that is off in either direction, and of one that cannot be asked', () => {
    expect(faults({ clockOffsetMs: 3100 })).to.deep.equal(['warn: the PBX\'s clock is 3.1 s ahead of ours'])
    expect(faults({ clockOffsetMs: -86_400_000 })).to.deep.equal(['warn: the PBX\'s clock is 86400.0 s behind ours'])
    expect(faults({ clockOffsetMs: null })).to.deep.equal(['warn: what time it is there was not told'])
  })

  it('fails when the dialplan lacks what routes ask, and warns of codes that are left out', () => {
    expect(faults({ dialplan: [] })).to.deep.equal(['fail: the context holdfast is not there: what a route asks of it is never done, and no call is recorded'])
    expect(examined({ dialplan: [] }).map(({ found }) => found).join(), 'what is not there records nowhere').not.to.include('records by itself')
    expect(faults({ dialplan: tagsOf('<context name="holdfast"/>') })).to.deep.equal(['warn: the context holdfast-codes is not there: agents have no feature codes'])
    expect(faults({ dialplan: tagsOf('<context name="holdfast"/><context name="holdfast"/><context name="holdfast-codes"/>') }).join()).to.include('is there twice')
  })

  it('compares the file of the dialplan with the program', () => {
    expect(faults({ globals: new Map([[VERSION_VARIABLE, '0']]) })).to.deep.equal(['warn: holdfast.xml is of another version of Holdfast'])
    expect(faults({ globals: new Map() }).join()).to.match(/^fail: the global HOLDFAST_DIALPLAN is not set/)
  })

  it('fails when it records by itself where nobody looks', () => {
    const elsewhere = new Map([...GOOD.globals, ['HOLDFAST_SPOOL', '/mnt/spool']])
    expect(faults({ globals: elsewhere })).to.deep.equal(['fail: what it records by itself goes to /mnt/spool, and the settings look in /rec/'])
  })
})
