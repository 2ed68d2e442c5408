import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AmiAction } from '../../../../adapters/asterisk/ami-action.ts'
import { eventFilters } from '../../../../adapters/asterisk/pbx-config.ts'
import { knowsCriteria, type Request, tellGlobals, widenFilter } from '../../../../adapters/asterisk/wanted-data.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { parsePbxId } from '../../../../core/domain/ids.ts'
import { amiText } from '../../../support/hostile/ami-fixture.ts'
import { expectCode } from '../../../support/rejection.ts'

const PBX = parsePbxId('pbx-1')
const WANTED = { keys: ['record', 'CASE', 'NOTE'], headers: new Map([['X-Class', 'CASE']]) }

/** An Asterisk of this release, and what it was sent. */
function asterisk(version: string, refused: string | null = null): { readonly request: Request; readonly sent: AmiAction[] } {
  const sent: AmiAction[] = []
  const request: Request = async (action) => {
    sent.push(action)
    if (action.name === refused) throw new HoldfastError('PBX_REFUSED', 'Permission denied')
    return await Promise.resolve(amiText(`Response: Success\nAsteriskVersion: ${version}`))
  }
  return { request, sent }
}

describe('what Asterisk is told of attached data', () => {
  it('are the globals of its dialplan', async () => {
    const { request, sent } = asterisk('22.10.1')
    expect(await tellGlobals(request, PBX, WANTED)).to.equal('told')
    expect(sent.map(({ fields }) => [fields['Variable'], fields['Value']])).to.deep.equal([['HOLDFAST_PBX', 'pbx-1'], ['HOLDFAST_KEYS', 'CASE,NOTE'], ['HOLDFAST_SIP_HEADERS', 'X-Class:CASE']])
  })

  it('is not more than fits into a line: then it has to stand in its files', async () => {
    const { request, sent } = asterisk('22.10.1')
    expect(await tellGlobals(request, PBX, { ...WANTED, keys: Array.from({ length: 60 }, (_, index) => `A_KEY_OF_SOME_LENGTH_${index}`) })).to.equal('by-hand')
    expect(sent).to.deep.equal([])
  })

  it('is the whole filter: a first one would shut out what no other names', async () => {
    const { request, sent } = asterisk('22.10.1+dfsg+~cs6.17.60671434-1')
    expect(await widenFilter(request, WANTED)).to.equal('told')
    const filters = sent.filter(({ name }) => name === 'Filter').map(({ fields }) => [`eventfilter(${fields['MatchCriteria']})`, fields['Filter']])
    expect(filters).to.deep.equal(eventFilters(WANTED.keys))
    expect(sent.filter(({ name }) => name === 'Filter').every(({ fields }) => fields['Operation'] === 'Add')).to.equal(true)
  })

  it('is no filter where criteria would be taken for a pattern', async () => {
    for (const version of ['18.26.4', '20.10.0', '21.5.0', '22.0.0', 'GIT-master-abc', '']) {
      const { request, sent } = asterisk(version)
      expect(await widenFilter(request, WANTED), version).to.equal('by-hand')
      expect(sent.map(({ name }) => name)).to.deep.equal(['CoreSettings'])
    }
    expect(['20.11.0', '20.16.0', '21.6.1', '22.1.0', '22.10.1+dfsg', '23.0.0', '25.2.1'].every(knowsCriteria)).to.equal(true)
  })

  it('is told by hand where the user lacks the right, and again when the link has ended', async () => {
    expect(await tellGlobals(asterisk('22.10.1', 'Setvar').request, PBX, WANTED)).to.equal('by-hand')
    expect(await widenFilter(asterisk('22.10.1', 'Filter').request, WANTED)).to.equal('by-hand')
    await expectCode(widenFilter(async () => await Promise.reject(new HoldfastError('PBX_UNREACHABLE', 'gone')), WANTED), 'PBX_UNREACHABLE')
  })
})
