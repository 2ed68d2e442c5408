import { expect } from 'chai'
import { describe, it } from 'mocha'
import { verifyProofs, type VerifiedProofs } from '../../../../../core/library/export/package-proofs.ts'
import { readAuditKeys } from '../../../../../core/library/export/proof-line.ts'
import { foundFiles, ProofSamples } from './proof-samples.ts'

const PROOFS = 'recordings/81/audit-proofs.jsonl'
const ENTRIES = 'recordings/81/audit.jsonl'

type Files = ReadonlyMap<string, string | Uint8Array>

describe('the proofs of the audit in a package', () => {
  const samples = new ProofSamples()
  const whole = samples.files()
  const keys = readAuditKeys(samples.auditKey)
  const verified = async (files: Files): Promise<VerifiedProofs> => await verifyProofs(foundFiles(files), ['81', '82'], await keys)
  const withLines = (name: string, change: (lines: readonly string[]) => readonly string[]): Files => {
    const lines = (whole.get(name) ?? '').split('\n').slice(0, -1)
    return new Map([...whole, [name, change(lines).map((line) => `${line}\n`).join('')]])
  }

  it('prove what a checkpoint covers that the given key signed, and count the rest', async () => {
    expect(await verified(whole)).to.deep.equal({ entries: 7, proved: 6, consistent: 0, unproved: 1, faults: [], notes: [] })
  })

  it('only fit their hashes where no key is given', async () => {
    expect(await verifyProofs(foundFiles(whole), ['81', '82'], null)).to.deep.equal({ entries: 7, proved: 0, consistent: 6, unproved: 1, faults: [], notes: [] })
  })

  it('prove nothing before the key of somebody else', async () => {
    const { proved, unproved, faults } = await verifyProofs(foundFiles(whole), ['81', '82'], await readAuditKeys(new ProofSamples().auditKey))
    expect({ proved, unproved, faults: faults.length }).to.deep.equal({ proved: 0, unproved: 7, faults: 6 })
    expect(faults[0]).to.match(/^recordings\/81\/audit-proofs\.jsonl, line 1: the checkpoint is not signed by any of the audit keys given \(it names holdfast\/node-1\+[0-9a-f]{8}\)$/)
  })

  it('tell the line of any byte that was changed', async function () {
    this.timeout(60_000)
    // Two lines are enough: the last byte of one, and the first of the next.
    const two = [ENTRIES, PROOFS].map((name) => [name, `${(whole.get(name) ?? '').split('\n').slice(0, 2).join('\n')}\n`] as const)
    const bytes = Buffer.from(two[1]?.[1] ?? '')
    expect((await verified(new Map(two))).proved).to.equal(2)
    let line = 1
    for (const [at, byte] of bytes.entries()) {
      const changed = Uint8Array.from(bytes)
      changed[at] = byte ^ 1 << at % 8
      const { faults } = await verified(new Map<string, string | Uint8Array>([...two, [PROOFS, changed]]))
      expect(faults.some((fault) => fault.startsWith(`${PROOFS}, line ${line}: `)), `byte ${at} of line ${line}: ${faults.join()}`).to.equal(true)
      if (byte === 10) line += 1
    }
  })

  it('tell the line of an entry that is nested without end, and go on', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const { proved, faults } = await verified(withLines(ENTRIES, ([one = '', ...rest]) => [`${one.slice(0, -1)},"more":${deep}}`, ...rest]))
    expect({ proved, faults }).to.deep.equal({ proved: 5, faults: [`${PROOFS}, line 1: what audit.jsonl tells of the entry node-1/1 is not what its proof tells`] })
  })

  it('tell the entry that has none, although a checkpoint covers it', async () => {
    const left = await verified(withLines(PROOFS, (lines) => lines.filter((_, index) => index !== 1)))
    expect(left).to.deep.equal({ entries: 7, proved: 5, consistent: 0, unproved: 2, faults: [], notes: [`${ENTRIES}, line 2: a checkpoint in the package covers the entry node-1/2, and its proof is not there`] })
  })

  it('tell lines that stand in another order, or twice', async () => {
    const swapped = await verified(withLines(PROOFS, ([one = '', two = '', ...rest]) => [two, one, ...rest]))
    expect(swapped.faults).to.deep.equal([`${PROOFS}, line 2: the entry node-1/1 stands behind one that comes later in audit.jsonl`])
    const twice = await verified(withLines(PROOFS, (lines) => [...lines, ...lines.slice(-1)]))
    expect(twice.faults).to.deep.equal([`${PROOFS}, line 5: the entry node-1/6 has a proof already`])
    const told = await verified(withLines(ENTRIES, (lines) => [...lines, ...lines.slice(-1), 'x']))
    expect(told.faults).to.deep.equal([`${ENTRIES}, line 6: the entry node-1/7 stands there twice`, `${ENTRIES}, line 7: this is no audit entry`])
  })

  it('tell the entry of another package, of another recording, and of one that is not there', async () => {
    const stranger = samples.files('berta').get(PROOFS)?.split('\n')[1] ?? ''
    const other = await verified(withLines(PROOFS, ([one = '', , ...rest]) => [one, stranger, ...rest]))
    expect(other.faults).to.deep.equal([`${PROOFS}, line 2: what audit.jsonl tells of the entry node-1/2 is not what its proof tells`])
    const of82 = whole.get('recordings/82/audit-proofs.jsonl')?.split('\n')[0] ?? ''
    expect((await verified(withLines(PROOFS, (lines) => [...lines, of82]))).faults).to.deep.equal([`${PROOFS}, line 5: the entry node-1/3 is about recording 82, another one of this package`])
    const absent = await verifyProofs(foundFiles(withLines(PROOFS, (lines) => [...lines, of82])), ['81'], await keys)
    expect(absent.faults).to.deep.equal([`${PROOFS}, line 5: the entry node-1/3 is about recording 82, which is not in this package`])
    expect((await verified(withLines(ENTRIES, (lines) => lines.slice(1)))).faults).to.deep.equal([`${PROOFS}, line 1: the entry node-1/1 is not one of audit.jsonl beside it`])
  })

  it('tell entries that do not follow each other, each proved by itself', async () => {
    const later = samples.files('berta')
    const mixed = new Map([...whole, ...[...later].filter(([name]) => name.startsWith('recordings/82/'))])
    const { faults } = await verifyProofs(foundFiles(mixed), ['81', '82'], await keys)
    expect(faults[0]).to.equal('recordings/82/audit-proofs.jsonl, line 1: another checkpoint in the package has another tree over the same 6 entries of node-1')
    const sooner = new Map([...whole, ...[...samples.files('berta', 5)].filter(([name]) => name.startsWith('recordings/82/'))])
    expect((await verified(sooner)).faults).to.deep.equal([
      `${PROOFS}, line 3: the entry node-1/4 does not follow the entry node-1/3 that is in the package`,
      `${PROOFS}, line 4: the entry node-1/6 does not follow the entry node-1/5 that is in the package`,
      'recordings/82/audit-proofs.jsonl, line 1: the entry node-1/3 does not follow the entry node-1/2 that is in the package',
      'recordings/82/audit-proofs.jsonl, line 2: the entry node-1/5 does not follow the entry node-1/4 that is in the package',
    ])
  })

  it('tell what audit.jsonl says otherwise', async () => {
    for (const [from, to] of [['"ok"', '"failed"'], ['"anna"', '"berta"'], ['09:00', '09:01'], ['"seconds":0', '"seconds":1'], ['"hash":"', '"hash":"0']] as const) {
      const { faults } = await verified(withLines(ENTRIES, ([one = '', ...rest]) => [one.replace(from, to), ...rest]))
      expect(faults).to.deep.equal([`${PROOFS}, line 1: what audit.jsonl tells of the entry node-1/1 is not what its proof tells`])
    }
    const { faults } = await verified(withLines(ENTRIES, ([one = '', ...rest]) => [one.replace('192.0.2.0', '192.0.2.9'), ...rest]))
    expect(faults).to.deep.equal([`${PROOFS}, line 1: the personal part that audit.jsonl tells of the entry node-1/1 is not the one that is proved`])
  })

  it('are read of lines that a stranger wrote without an end, and of files that are too large', async () => {
    const strange = ['null', '[]', '{}', '{"entry":null}', '<b>x</b>', '['.repeat(20_000), '']
    const { faults } = await verified(withLines(PROOFS, () => strange))
    expect(faults).to.deep.equal(strange.map((_, index) => `${PROOFS}, line ${index + 1}: this is no proof of an audit entry as we write it`))
    const large = { name: PROOFS, content: Object.defineProperty(new Blob(['x']), 'size', { value: 2 ** 32 }) }
    expect((await verifyProofs([large], ['81'], null)).faults).to.deep.equal([`${PROOFS} is larger than any that we write`])
  })
})

describe('the public keys of an audit', () => {
  it('are read one a line, and nothing is taken for one', async () => {
    const { auditKey } = new ProofSamples()
    expect(await readAuditKeys(`# of the first day\n\n${auditKey}\r\n`)).to.have.length(1)
    for (const text of ['-----BEGIN PUBLIC KEY-----', auditKey.slice(0, -2), auditKey.replace('node-1', 'node-2')]) {
      expect(await readAuditKeys(text).then(() => 'taken', (error: unknown) => String(error))).to.include('no public key of an audit')
    }
  })
})
