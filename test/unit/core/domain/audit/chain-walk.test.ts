import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AuditFault, ChainedEntry } from '../../../../../core/domain/audit/audit-fault.ts'
import { ChainWalk } from '../../../../../core/domain/audit/chain-walk.ts'
import type { Checkpoint } from '../../../../../core/domain/audit/checkpoint.ts'
import { CHAIN_START } from '../../../../../core/domain/audit/entry-hash.ts'
import { parseNodeName } from '../../../../../core/domain/ids.ts'
import { chained, checkpointAt } from './chain-samples.ts'

const CHAIN = parseNodeName('node-1')

function faultOf(entries: readonly ChainedEntry[], { signed = [], end }: { readonly signed?: readonly Checkpoint[]; readonly end?: { readonly sequence: number; readonly hash: string } } = {}): AuditFault | null {
  const walk = new ChainWalk(CHAIN, signed)
  return walk.take(entries) ?? walk.end(end ?? { sequence: entries.at(-1)?.sequence ?? 0, hash: entries.at(-1)?.hash ?? CHAIN_START })
}

/** Takes what a change leaves and gives it new places from 1 on, as somebody who hides a change does. */
function renumbered(entries: readonly ChainedEntry[]): readonly ChainedEntry[] {
  return entries.map((entry, index) => ({ ...entry, sequence: index + 1 }))
}

describe('a walk along a chain', () => {
  const whole = chained(12)
  const without = (...sequences: readonly number[]): readonly ChainedEntry[] => whole.filter(({ sequence }) => !sequences.includes(sequence))

  it('finds nothing in a whole chain, also with all that was signed of it', () => {
    expect(faultOf(whole)).to.equal(null)
    expect(faultOf(whole, { signed: [checkpointAt(whole, 12), checkpointAt(whole, 5), checkpointAt(whole, 7)] })).to.equal(null)
    expect(faultOf([])).to.equal(null)
  })

  const stranger = { ...chained(1, 'stranger')[0], sequence: 5 } as ChainedEntry
  const moved = (one: number, other: number): readonly ChainedEntry[] => {
    const swapped = [...whole]
    const [first, second] = [whole[one - 1], whole[other - 1]]
    if (first !== undefined && second !== undefined) [swapped[one - 1], swapped[other - 1]] = [second, first]
    return renumbered(swapped)
  }
  const acts: Readonly<Record<string, readonly [readonly ChainedEntry[], number, string, RegExp]>> = {
    'one entry is missing': [without(5), 5, 'removed', /^entry 5 is missing$/],
    'three are missing': [without(5, 6, 7), 5, 'removed', /^entries 5 to 7 are missing$/],
    'one was removed and the others moved up': [renumbered(without(5)), 5, 'removed', /^an entry was removed from place 5 on/],
    'three were removed and the others moved up': [renumbered(without(5, 6, 7)), 5, 'removed', /^3 entries were removed from place 5 on/],
    'one was put in and the others moved down': [renumbered([...whole.slice(0, 4), stranger, ...whole.slice(4)]), 5, 'inserted', /^an entry was put in at place 5/],
    'two neighbours changed places': [moved(5, 6), 5, 'reordered', /place 5 stands at place 6/],
    'two others changed places': [moved(5, 9), 5, 'reordered', /place 5 stands at place 9/],
    'its content was altered': [whole.map((entry) => entry.sequence === 5 ? { ...entry, outcome: 'refused' } : entry), 5, 'altered', /content of entry 5 is not what its hash says/],
    'its content and hash were altered': [whole.map((entry) => entry.sequence === 5 ? { ...stranger } : entry), 5, 'altered', /^entry 5 does not follow/],
  }
  for (const [act, [entries, sequence, kind, message]] of Object.entries(acts)) {
    it(`says what happened when ${act}`, () => {
      const fault = faultOf(entries)
      expect(fault).to.deep.include({ sequence, kind, chain: CHAIN })
      expect(fault?.message).to.match(message)
    })
  }

  it('finds an end that was cut off and hidden, by a checkpoint alone', () => {
    const cut = whole.slice(0, 9)
    expect(faultOf(cut)).to.equal(null)
    expect(faultOf(cut, { signed: [checkpointAt(whole, 5), checkpointAt(whole, 12)] })).to.deep.include({ kind: 'cut-off', sequence: 10 })
  })

  it('finds a chain that was written anew, by a checkpoint alone, and between which two it was altered', () => {
    const anew = chained(12, 'actor', 8)
    expect(faultOf(anew)).to.equal(null)
    expect(faultOf(anew, { signed: [checkpointAt(whole, 3), checkpointAt(whole, 7), checkpointAt(whole, 10)] })).to.deep.include({ kind: 'not-as-signed', sequence: 8 })
    expect(faultOf(anew, { signed: [checkpointAt(whole, 7), checkpointAt(whole, 10)] })?.message).to.match(/^entries 8 to 10 are not those/)
    expect(faultOf(anew, { signed: [checkpointAt(whole, 3), checkpointAt(whole, 7)] })).to.equal(null)
  })

  it('finds a checkpoint that signs another tree of the same entries', () => {
    expect(faultOf(whole, { signed: [{ ...checkpointAt(whole, 7), root: '00'.repeat(32) }] })).to.deep.include({ kind: 'not-as-signed', sequence: 1 })
  })

  it('tells how far it came, and the last checkpoint that fits', () => {
    const walk = new ChainWalk(CHAIN, [checkpointAt(whole, 3), checkpointAt(whole, 10)])
    expect(walk.take(without(8))).to.deep.include({ sequence: 8 })
    expect([walk.checked, walk.signedTo?.sequence]).to.deep.equal([7, 3])
  })
})
