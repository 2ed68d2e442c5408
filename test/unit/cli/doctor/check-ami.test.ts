import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AmiFacts } from '../../../../cli/doctor/ami-facts.ts'
import type { CheckStatus } from '../../../../cli/doctor/check.ts'
import { checkAmi } from '../../../../cli/doctor/check-ami.ts'

const GOOD: AmiFacts = {
  version: '22.10.1',
  runUser: 'asterisk',
  actions: new Set(['MixMonitor', 'MixMonitorMute', 'StopMixMonitor', 'Setvar', 'CoreStatus']),
  missingModules: [],
  variable: 'set',
  event: { pbxTimeMs: 1_795_000_000_000 },
  clockOffsetMs: 12,
  dialplan: { record: true, announce: true, missingContexts: [], current: true, sipHeaders: '', cli: '/usr/sbin/asterisk', keys: '', spool: '', spoolDirectory: '/var/spool/asterisk' },
}

/** `status: what was found`, but for what is well. */
function faults(facts: Partial<AmiFacts>): readonly string[] {
  return checkAmi('main', { ...GOOD, ...facts }).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of AMI', () => {
  it('finds nothing wrong with exactly the rights that are needed', () => {
    expect(faults({})).to.deep.equal([])
    expect(checkAmi('main', GOOD)).to.have.length.above(4)
  })

  for (const [action, right] of [['MixMonitor', 'system'], ['Setvar', 'call'], ['CoreStatus', 'system']] as const) {
    it(`fails when ${action} may not be sent, and names the right`, () => {
      expect(faults({ actions: new Set([...GOOD.actions].filter((each) => each !== action)) })).to.deep.equal([`fail: the login may not send ${action} (${right})`])
    })
  }

  it('warns of rights that only a thief would use', () => {
    expect(faults({ actions: new Set([...GOOD.actions, 'Originate', 'Command', 'UpdateConfig']) })).to.deep.equal(['warn: the login also has the rights originate, command, config, which Holdfast never uses and a thief would'])
  })

  it('says that filters were not tried, and that nothing was, where no variable could be set', () => {
    expect(checkAmi('main', { ...GOOD, variable: 'set-past-filters' }).map(({ found }) => found).join()).to.include('eventfilter lines were not tried')
    expect(faults({ variable: 'none', event: null })).to.deep.equal(['warn: whether events come could not be tried: no global variable of ours has a value'])
  })

  it('fails when the heartbeat cannot be set, and does not blame the events for it', () => {
    expect(faults({ variable: 'refused', event: null }).map((line) => line.slice(0, 4))).to.deep.equal(['fail', 'warn'])
  })

  it('fails when no event comes', () => {
    expect(faults({ event: null }).join()).to.include('fail: no event came').and.to.include('dialplan')
  })

  it('fails when events have no time, and names the setting', () => {
    const check = checkAmi('main', { ...GOOD, event: { pbxTimeMs: null } }).find(({ status }) => status === 'fail')
    expect(check?.advice).to.include('timestampevents = yes')
  })

  it('fails for modules that are not loaded, and warns when it may not ask', () => {
    expect(faults({ missingModules: ['func_uri'] })).to.deep.equal(['fail: not loaded: func_uri'])
    expect(faults({ missingModules: null })).to.deep.equal(['warn: which modules are loaded may not be asked'])
  })

  for (const [clockOffsetMs, status] of [[0, null], [1999, null], [-1999, null], [3000, 'warn: the PBX\'s clock is 3.0 s ahead of ours'], [-60_000, 'warn: the PBX\'s clock is 60.0 s behind ours'], [null, null]] as const) {
    it(`judges a clock that differs by ${clockOffsetMs} ms`, () => {
      expect(faults({ clockOffsetMs })).to.deep.equal(status === null ? [] : [status])
    })
  }

  it('tells what to do about everything that is not well', () => {
    const bad = checkAmi('main', { version: null, runUser: null, actions: new Set(['Originate']), missingModules: ['app_mixmonitor'], variable: 'refused', event: null, dialplan: GOOD.dialplan, clockOffsetMs: 1e9 })
    const silent = bad.filter(({ status, advice }) => (status satisfies CheckStatus) !== 'ok' && (advice === null || advice === ''))
    expect(silent).to.deep.equal([])
  })
})
