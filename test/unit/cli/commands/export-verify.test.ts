import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { run } from '../../../../cli/program.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { packageOfFiles, ProofSamples } from '../../core/library/export/proof-samples.ts'
import { SIGNER } from '../../core/library/package-bench.ts'

const PROOFS = 'recordings/81/audit-proofs.jsonl'

describe('holdfast export verify', () => {
  const samples = new ProofSamples()

  async function verified(files: ReadonlyMap<string, string>, ...rest: readonly string[]): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
    const folder = await temporaryDirectory()
    await writeFile(join(folder, 'package.tar'), packageOfFiles(files))
    await writeFile(join(folder, 'key.pem'), SIGNER.verificationKeyPem)
    await writeFile(join(folder, 'audit.pub'), `# of the first day\n${samples.auditKey}\n`)
    await writeFile(join(folder, 'other.pub'), `${new ProofSamples().auditKey}\n`)
    const lines: string[] = []
    const say = (line: string): void => void lines.push(line)
    const code = await run(['export', 'verify', join(folder, 'package.tar'), '--public-key', join(folder, 'key.pem'), ...rest.map((word) => word.endsWith('.pub') ? join(folder, word) : word)], { terminal: { out: say, err: say } })
    return { code, lines: lines.map((line) => line.replaceAll(folder, '')) }
  }

  it('tells how many entries are proved by the audit key, and how many only fit their hashes without it', async () => {
    const proved = await verified(samples.files(), '--audit-key', 'audit.pub')
    expect(proved.code).to.equal(0)
    expect(proved.lines[0]).to.equal('audit   7 entries: 6 proved by a signed checkpoint, 0 fit their hashes only, 1 unproved')
    expect((await verified(samples.files())).lines[0]).to.equal('audit   7 entries: 0 proved by a signed checkpoint, 6 fit their hashes only, 1 unproved')
  })

  it('ends with 1 over a chain that somebody else signed, also where the package itself is as it was signed', async () => {
    const { code, lines } = await verified(samples.files(), '--audit-key', 'other.pub', '--json')
    const told = JSON.parse(lines[0] ?? '') as { readonly verdict: string; readonly faults: readonly string[]; readonly proofs: { readonly proved: number; readonly faults: readonly string[] } }
    expect({ code, verdict: told.verdict, faults: told.faults, proved: told.proofs.proved, told: told.proofs.faults.length }).to.deep.equal({ code: 1, verdict: 'bad', faults: [], proved: 0, told: 6 })
  })

  it('names the line of a proof that does not hold, and the entry that lacks one', async () => {
    const files = samples.files()
    const lines = (files.get(PROOFS) ?? '').split('\n')
    const swapped = await verified(new Map([...files, [PROOFS, [lines[1], lines[0], ...lines.slice(2)].join('\n')]]), '--audit-key', 'audit.pub')
    expect(swapped.code).to.equal(1)
    expect(swapped.lines[0]).to.equal(`FAULT   ${PROOFS}, line 2: the entry node-1/1 stands behind one that comes later in audit.jsonl`)
    const left = await verified(new Map([...files, [PROOFS, lines.slice(1).join('\n')]]), '--audit-key', 'audit.pub')
    expect(left.code).to.equal(0)
    expect(left.lines[0]).to.equal('note    recordings/81/audit.jsonl, line 1: a checkpoint in the package covers the entry node-1/1, and its proof is not there')
  })

  it('ends with 2 over an audit key that is none', async () => {
    const { code, lines } = await verified(samples.files(), '--audit-key', 'missing.pub')
    expect(code).to.equal(2)
    expect(lines.join()).to.include('KEY_FILE_INVALID')
  })
})
