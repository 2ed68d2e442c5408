import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { FilesByLeg } from '../../../../adapters/freeswitch/files-by-leg.ts'
import { parseChannelId } from '../../../../core/domain/ids.ts'

const [one, other] = [parseChannelId('one'), parseChannelId('other')]

describe('FilesByLeg', () => {
  let files: FilesByLeg<{ readonly channelId: typeof one; readonly number: number }>

  beforeEach(() => {
    files = new FilesByLeg()
    for (const [file, channelId, number] of [['a', one, 1], ['b', other, 2], ['c', one, 3]] as const) files.set(file, { channelId, number })
  })

  const of = (channelId: typeof one): readonly string[] => files.of(channelId).map(([file, { number }]) => `${file}${number}`)

  it('gives those of a leg in the order in which they came, and of one that is not known none', () => {
    expect([of(one), of(other), of(parseChannelId('third'))]).to.deep.equal([['a1', 'c3'], ['b2'], []])
    expect([...files].map(([file]) => file)).to.deep.equal(['a', 'b', 'c'])
  })

  it('forgets a file with its leg\'s word of it', () => {
    files.delete('a')
    files.delete('a')
    expect([of(one), files.has('a'), files.get('c')?.number]).to.deep.equal([['c3'], false, 3])
  })

  it('moves a file that comes again on another leg', () => {
    files.set('a', { channelId: other, number: 4 })
    expect([of(one), of(other)]).to.deep.equal([['c3'], ['b2', 'a4']])
  })

  it('has none when all were forgotten', () => {
    files.clear()
    expect([of(one), [...files]]).to.deep.equal([[], []])
  })
})
