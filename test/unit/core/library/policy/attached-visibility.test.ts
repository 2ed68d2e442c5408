import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester, type Role, ROLES } from '../../../../../core/domain/actor.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { defaultKey, faultsOfSchema, makeAttachedSchema, type Visibility, VISIBILITIES } from '../../../../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS } from '../../../../../core/domain/rules/decision-input.ts'
import { AttachedVisibility } from '../../../../../core/library/policy/attached-visibility.ts'
import { ANY_RECORDING } from '../../../../../core/ports/recording-repository.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'
import { LibraryBench } from '../library-bench.ts'

/** Written out here too, so that a right which is given by mistake is noticed. */
const SEES: Readonly<Record<Role, Readonly<Record<Visibility, boolean>>>> = {
  administrator: { open: true, restricted: false, confidential: false },
  supervisor: { open: true, restricted: true, confidential: false },
  'compliance-officer': { open: true, restricted: true, confidential: true },
  integrator: { open: true, restricted: false, confidential: false },
  agent: { open: true, restricted: false, confidential: false },
}
const FACTS = { ...DEFAULT_FACT_KEYS, businessUnit: 'UNIT' }
const SCHEMA = makeAttachedSchema([...VISIBILITIES.map((visibility) => ({ ...defaultKey(visibility, FACTS), visibility })), { ...defaultKey('UNIT', FACTS), visibility: 'confidential' }], FACTS)
const visibility = new AttachedVisibility(() => ({ policy: { ...policyWith({}), factKeys: FACTS }, attached: SCHEMA }))
const DATA = { open: '1', restricted: '2', confidential: '3', forgotten: '4' }

function somebody(role: Role): Requester {
  return { actor: { type: 'token', id: 'a' }, role: DEFAULT_ROLES[role], label: '', reach: 'all', units: [], binding: null, address: '' }
}

describe('the visibility of attached data', () => {
  for (const role of ROLES) {
    const seen = VISIBILITIES.filter((one) => SEES[role][one])
    // A key that left the list says nothing of who may see it: whoever sees everything still does.
    const keys = [...seen, ...(SEES[role].confidential ? ['forgotten'] : [])]

    it(`shows ${role} what is ${seen.join(', ')}`, () => {
      const requester = somebody(role)
      expect(Object.keys(visibility.data(requester, DATA))).to.deep.equal(keys)
      const changes = Object.entries(DATA).map(([key, value]) => ({ key, value, source: 'api' as const, at: new Date(0) }))
      expect(visibility.changes(requester, changes).map(({ key }) => key)).to.deep.equal(keys)
      const personal = { caller: '+4930', ...Object.fromEntries(Object.entries(DATA).map(([key, value]) => [`attached.${key}`, value])) }
      expect(visibility.personal(requester, personal)).to.deep.equal({ shown: Object.fromEntries(Object.entries(personal).filter(([name]) => name === 'caller' || keys.includes(name.slice(9)))), hidden: 4 - keys.length })
      for (const key of Object.keys(DATA)) {
        const ask = (): void => visibility.refuseHidden(requester, ['open', key])
        if (keys.includes(key)) ask()
        else expect(ask, key).to.throw(HoldfastError).with.property('code', 'FILTER_INVALID')
        expect(visibility.fields(requester, FACTS)(`attached.${key}`), key).to.equal(keys.includes(key))
      }
      expect(visibility.fields(requester, FACTS)('businessUnit'), 'a fact is hidden with the key that tells it').to.equal(SEES[role].confidential)
      for (const field of ['caller', 'queue', 'agent', 'time', 'customerType']) expect(visibility.fields(requester, FACTS)(field), field).to.equal(true)
    })
  }

  it('cannot be narrowed for what every recording shows', () => {
    for (const key of ['record', 'GRECORD_PARTITIONS', 'agent', 'QUEUE']) {
      expect(faultsOfSchema([{ ...defaultKey(key, FACTS), visibility: 'restricted' }], FACTS).map(({ message }) => message), key).to.deep.equal(['is shown with every recording, and cannot be hidden'])
    }
  })
})

describe('a search by attached data', () => {
  it('by a key that the requester may not see is refused and leaves a trace, as by one that is not there', async () => {
    const bench = await LibraryBench.open()
    await bench.recording({ attached: { CASE_NOTE: 'fraud' } })
    const requester = await bench.library.authentication.authenticate(await bench.token('supervisor'), '192.0.2.1')
    const ask = async (key: string, value: string): Promise<string> => {
      const filter = { ...ANY_RECORDING, attached: [{ key, value }] }
      await expectCode(bench.library.search.count(requester, filter), 'FILTER_INVALID')
      return (await expectCode(bench.library.search.search(requester, filter, { first: 1, before: null }), 'FILTER_INVALID')).message.replace(key, 'KEY')
    }
    expect(new Set([await ask('CASE_NOTE', 'fraud'), await ask('CASE_NOTE', 'none'), await ask('NO_SUCH_KEY', 'x')]).size).to.equal(1)
    // Three pages and three totals: whoever guesses at values by totals leaves as many traces.
    expect(bench.audited().filter((action) => action.startsWith('recordings'))).to.deep.equal(Array<string>(6).fill('recordings.searched refused'))
    const officer = await bench.library.authentication.authenticate(await bench.token('compliance-officer'), '192.0.2.1')
    expect((await bench.library.search.search(officer, { ...ANY_RECORDING, attached: [{ key: 'CASE_NOTE', value: 'fraud' }] }, { first: 1, before: null })).recordings).to.have.length(1)
  })
})
