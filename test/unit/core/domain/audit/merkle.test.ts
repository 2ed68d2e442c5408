import { expect } from 'chai'
import { describe, it } from 'mocha'
import { auditPath, innerHash, leafHash, MerkleFrontier, peaksOf, rootByPath, stretchHash, type Subtree } from '../../../../../core/domain/audit/merkle.ts'

/** Source: certificate-transparency-go, merkle tree reference data: eight leaves, and the root of the first n of them. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leaves = (count: number): readonly Buffer[] => Array.from({ length: count }, (_, index) => leafHash(index.toString(16).padStart(64, '0')))

describe('the Merkle tree of a chain', () => {
  it('has the roots that certificate logs have', () => {
    const frontier = new MerkleFrontier()
    expect(frontier.root().toString('hex')).to.equal('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    for (const [index, leaf] of LEAVES.entries()) {
      frontier.append(leafHash(leaf))
      expect({ size: frontier.size, root: frontier.root().toString('hex') }).to.deep.equal({ size: index + 1, root: ROOTS[index] })
    }
  })

  it('tells a leaf from an inner node of the same bytes', () => {
    const [one, two] = [leafHash('00'), leafHash('01')]
    expect(leafHash(Buffer.concat([one, two]).toString('hex')).equals(innerHash(one, two))).to.equal(false)
  })

  it('goes on from its largest subtrees alone', () => {
    const all = leaves(1000)
    for (const size of [1, 2, 3, 255, 256, 257, 700, 999]) {
      const kept: Subtree[] = all.slice(0, size).map((hash, index) => ({ level: 0, index, hash }))
      const before = new MerkleFrontier([], (subtree) => kept.push(subtree))
      for (const leaf of all.slice(0, size)) before.append(leaf)
      const peaks = peaksOf(size).map((peak) => kept.find(({ level, index }) => level === peak.level && index === peak.index))
      const after = new MerkleFrontier(peaks.filter((peak) => peak !== undefined))
      expect(after.root().equals(before.root()), `${size}`).to.equal(true)
      after.append(all[size] ?? Buffer.alloc(32))
      before.append(all[size] ?? Buffer.alloc(32))
      expect(after.root().equals(before.root()), `${size} and one more`).to.equal(true)
    }
  })

  it('proves each leaf of trees of every size up to 40, and no other leaf, place or size by that path', () => {
    for (let size = 1; size <= 40; size += 1) {
      const all = leaves(size)
      const root = stretchHash(all)
      for (const [index, leaf] of all.entries()) {
        const path = auditPath(index, size).map(({ from, to }) => stretchHash(all.slice(from, to)))
        expect(rootByPath({ leaf, index, size }, path)?.equals(root), `${index} of ${size}`).to.equal(true)
        expect(rootByPath({ leaf: leafHash('ff'), index, size }, path)?.equals(root) ?? false, `another leaf at ${index} of ${size}`).to.equal(false)
        expect(rootByPath({ leaf, index: index + 1, size }, path)?.equals(root) ?? false, `${index} as ${index + 1} of ${size}`).to.equal(false)
        expect(rootByPath({ leaf, index, size }, path.slice(1))?.equals(root) ?? false, `${index} of ${size} with less`).to.equal(size === 1)
      }
    }
  })
})
