import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkEventSocket } from '../../../../../cli/doctor/freeswitch/check-event-socket.ts'
import type { EventSocketFacts } from '../../../../../cli/doctor/freeswitch/freeswitch-facts.ts'
import type { Reached } from '../../../../../cli/doctor/freeswitch/reach-event-socket.ts'

const GOOD: EventSocketFacts = { listenIp: '127.0.0.1', password: 'own', accessLists: [{ name: 'loopback.auto', letsIn: 'some' }] }
const OPEN: EventSocketFacts['accessLists'] = [{ name: 'lan', letsIn: 'some' }, { name: 'any_v4.auto', letsIn: 'strangers' }]

function faults(facts: Partial<EventSocketFacts> | null, reached: readonly Reached[] = []): readonly string[] {
  return checkEventSocket('fs', facts === null ? null : { ...GOOD, ...facts }, reached).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of an event socket', () => {
  it('finds nothing wrong with one on loopback, with a password of its own', () => {
    expect(faults({})).to.deep.equal([])
    expect(faults({ listenIp: '::1' })).to.deep.equal([])
  })

  it('fails for the password of everybody, and says how to make another', () => {
    expect(faults({ password: 'default' })).to.have.length(1)
    expect(checkEventSocket('fs', { ...GOOD, password: 'default' }, [])[0]?.advice).to.include('openssl rand').and.to.include('reload mod_event_socket')
  })

  for (const listenIp of ['0.0.0.0', '::', '10.0.0.5']) {
    it(`warns of ${listenIp} behind an access list, and fails where that lets everybody in`, () => {
      expect(faults({ listenIp })).to.deep.equal([`warn: it listens on ${listenIp}, which other machines reach; only the access list loopback.auto keeps them out`])
      expect(faults({ listenIp, accessLists: OPEN }).join()).to.match(new RegExp(`^fail: it listens on ${listenIp}, and its access list any_v4.auto lets every address in`))
    })
  }

  it('warns of an access list that nothing stands behind', () => {
    expect(faults({ accessLists: OPEN }).join()).to.match(/^warn: it listens on 127\.0\.0\.1 alone, but its access list any_v4\.auto/)
  })

  it('believes what was tried before what is written', () => {
    expect(faults({}, [{ address: '10.0.0.5', answer: 'greets' }, { address: '10.0.0.6', answer: 'silent' }])).to.deep.equal(['fail: tried: it asks for the password also on 10.0.0.5, so that other machines may try theirs'])
    expect(faults({}, [{ address: '10.0.0.5', answer: 'refuses' }]).join()).to.match(/^warn: tried: it answers also on 10\.0\.0\.5/)
    expect(faults({}, [{ address: '10.0.0.5', answer: 'silent' }])).to.deep.equal([])
  })

  it('says what it could not look at', () => {
    expect(faults(null).join()).to.match(/^warn: event_socket\.conf cannot be asked/)
    expect(faults(null, [{ address: '10.0.0.5', answer: 'greets' }])).to.have.length(2)
  })
})
