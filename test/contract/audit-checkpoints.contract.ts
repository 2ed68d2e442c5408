import { expect } from 'chai'
import { describe, it } from 'mocha'
import { Ed25519CheckpointSigner, newCheckpointKey } from '../../core/crypto/checkpoint-signer.ts'
import { isSignedBy, parseCheckpoint, type SignedCheckpoint } from '../../core/domain/audit/checkpoint.ts'
import { leafHash, stretchHash } from '../../core/domain/audit/merkle.ts'
import type { NodeName } from '../../core/domain/ids.ts'
import { consoleOfficer } from '../../cli/console-legal.ts'
import { faultOfProof, formatProof, parseProof } from '../../core/domain/audit/entry-proof.ts'
import { makeAttachedSchema } from '../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS } from '../../core/domain/rules/decision-input.ts'
import { AttachedVisibility } from '../../core/library/policy/attached-visibility.ts'
import { AuditProofs } from '../../core/library/audit/audit-proofs.ts'
import { AuditWriter } from '../../core/library/audit/audit-writer.ts'
import { policyWith } from '../unit/core/domain/rules/rule-samples.ts'
import { AuditCheckpoints } from '../../core/library/audit/audit-checkpoints.ts'
import { EVERY_ENTRY } from '../../core/ports/audit-log.ts'
import type { CheckpointOutlet } from '../../core/ports/audit-evidence.ts'
import type { ProvableCatalogue } from '../../core/store/catalogue.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { seconds } from '../support/recording-facts.ts'
import { auditDraft } from './audit-log.contract.ts'

const MINUTE_MS = 60_000

/** A chain that is signed, and a way into its tables for somebody who has no business there. */
interface Opened {
  readonly catalogue: ProvableCatalogue
  readonly chain: NodeName
  execute(statement: string): Promise<unknown>
}

/** What signing a chain in a database comes to. `open` gives an empty one. */
export function auditCheckpointsContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} is signed`, () => {
    const signing = async (): Promise<Signing> => new Signing(await open())

    it('at its first entry, after so many more, and after a while where there is any', async () => {
      const site = await signing()
      const checkpoints = site.program({ everyEntries: 10, everyMs: 5 * MINUTE_MS })
      await checkpoints.look()
      expect(site.written).to.deep.equal([])
      await site.append(1)
      await checkpoints.look()
      expect(site.sequences()).to.deep.equal([1])
      await site.append(8)
      await checkpoints.look()
      expect(site.sequences()).to.deep.equal([1])
      await site.append(1)
      await checkpoints.look()
      expect(site.sequences()).to.deep.equal([1, 11])
      await site.append(1)
      site.now = new Date(site.now.getTime() + 5 * MINUTE_MS)
      await checkpoints.look()
      expect(site.sequences()).to.deep.equal([1, 11, 13])
      await checkpoints.stop()
    })

    it('and not again for the entry that tells of the signing', async () => {
      const site = await signing()
      const checkpoints = site.program({ everyEntries: 1, everyMs: MINUTE_MS })
      await site.append(3)
      for (let look = 0; look < 3; look += 1) {
        await checkpoints.look()
        site.now = new Date(site.now.getTime() + 10 * MINUTE_MS)
      }
      await checkpoints.stop()
      expect(site.sequences()).to.deep.equal([3])
      expect(await site.actions()).to.deep.equal(['audit.checkpoint', ...Array<string>(3).fill('playback.begun')])
    })

    it('at the stop up to its very end', async () => {
      const site = await signing()
      const checkpoints = site.program({ everyEntries: 1000, everyMs: MINUTE_MS })
      await site.append(3)
      await checkpoints.look()
      await site.append(4)
      await checkpoints.stop()
      expect(site.sequences()).to.deep.equal([3, 8])
      expect((await site.opened.catalogue.evidence.end(site.opened.chain))?.sequence).to.equal(8)
    })

    it('with the root of all its entries, whether the program goes on or begins anew', async () => {
      const site = await signing()
      for (const more of [1, 254, 1, 1, 300, 2, 700]) {
        const checkpoints = site.program({ everyEntries: 1, everyMs: MINUTE_MS })
        await site.append(more)
        await checkpoints.look()
        await site.append(3)
        await checkpoints.look()
        await checkpoints.stop()
      }
      const all = await site.opened.catalogue.evidence.entries(site.opened.chain, 0, 10_000)
      expect(site.written).to.have.length(14)
      for (const { sequence, head, root } of site.written) {
        expect({ sequence, head, root }).to.deep.equal({ sequence, head: all[sequence - 1]?.hash, root: stretchHash(all.slice(0, sequence).map(({ hash }) => leafHash(hash))).toString('hex') })
      }
      expect(site.written.every((checkpoint) => isSignedBy(checkpoint, [site.signer.publicKey]))).to.equal(true)
      expect(await site.opened.catalogue.audit.verify(site.opened.chain, { signed: site.written })).to.deep.include({ fault: null, checked: all.length })
    })

    it('proves each of its entries without the database, and nothing else by that proof', async () => {
      const site = await signing()
      const checkpoints = site.program({ everyEntries: 1, everyMs: MINUTE_MS })
      for (const more of [3, 600, 80]) {
        await site.append(more)
        await checkpoints.look()
      }
      await checkpoints.stop()
      const { chain, catalogue } = site.opened
      const proofs = new AuditProofs({ evidence: catalogue.evidence, audit: new AuditWriter({ audit: catalogue.audit, runtime: quietRuntime() }), visibility: new AttachedVisibility(() => ({ policy: policyWith({}), attached: makeAttachedSchema([], DEFAULT_FACT_KEYS) })) })
      for (const sequence of [1, 2, 3, 4, 255, 256, 257, 512, 513, 600, 604, 605, 685]) {
        const proof = await proofs.prove(consoleOfficer(), { chain, sequence })
        if (proof === null) throw new Error(`no proof of ${sequence}`)
        const read = parseProof(formatProof(proof))
        expect(read.entry.sequence).to.equal(sequence)
        expect(faultOfProof(read, [site.signer.publicKey]), `${sequence}`).to.equal(null)
        for (const entry of [{ ...read.entry, outcome: 'refused' }, { ...read.entry, sequence: sequence + 1 }, { ...read.entry, at: read.entry.at + 1 }]) expect(faultOfProof({ ...read, entry }, [site.signer.publicKey])).to.be.a('string')
        expect(faultOfProof(read, [])).to.include('not signed')
      }
      expect(await proofs.prove(consoleOfficer(), { chain, sequence: 9999 })).to.equal(null)
      expect((await site.actions()).slice(0, 1)).to.deep.equal(['audit.exported'])
    })

    const acts: Readonly<Record<string, readonly string[]>> = {
      'an entry that was signed was altered': [`update audit_entries set outcome = 'failed' where sequence = 4`],
      'an entry that was not signed yet was altered': [`update audit_entries set outcome = 'failed' where sequence = 9`],
      'the end was cut off, and the memory of it put back': ['delete from audit_entries where sequence > 4', `update audit_chains set sequence = 4, hash = (select hash from audit_entries where sequence = 4)`],
    }
    for (const [act, statements] of Object.entries(acts)) {
      it(`but not when ${act}; that stands in the audit, once`, async () => {
        const site = await signing()
        await site.append(5)
        const before = site.program({ everyEntries: 1, everyMs: MINUTE_MS })
        await before.look()
        await before.stop()
        await site.append(4)
        for (const statement of statements) await site.opened.execute(statement)
        const checkpoints = site.program({ everyEntries: 1, everyMs: MINUTE_MS })
        for (let look = 0; look < 3; look += 1) {
          await checkpoints.look()
          site.now = new Date(site.now.getTime() + 2 * MINUTE_MS)
        }
        await checkpoints.stop()
        expect(site.sequences()).to.deep.equal([5])
        expect((await site.actions()).filter((action) => action === 'audit.checkpoint failed')).to.have.length(1)
      })
    }

    it('is told by its checkpoints from a chain whose end was cut off, and from one that was written anew', async () => {
      const site = await signing()
      const checkpoints = site.program({ everyEntries: 1, everyMs: MINUTE_MS })
      await site.append(12)
      await checkpoints.look()
      await checkpoints.stop()
      const { chain, catalogue, execute } = site.opened
      await execute('delete from audit_entries where sequence > 9')
      await execute('update audit_chains set sequence = 9, hash = (select hash from audit_entries where sequence = 9)')
      expect((await catalogue.audit.verify(chain)).fault).to.equal(null)
      expect((await catalogue.audit.verify(chain, { signed: site.written })).fault).to.deep.include({ kind: 'cut-off', sequence: 10 })
    })

    it('goes to every place outside, and one that fails holds up neither the others nor the signing', async () => {
      const site = await signing()
      let tries = 0
      const broken: CheckpointOutlet = { name: 'syslog', close: async () => undefined, write: async () => {
        tries += 1
        await Promise.reject(new Error('away'))
      } }
      const checkpoints = site.program({ everyEntries: 1, everyMs: MINUTE_MS }, [broken])
      await site.append(2)
      await checkpoints.look()
      await site.append(2)
      await checkpoints.look()
      await checkpoints.stop()
      expect(site.sequences()).to.include.members([2])
      expect(site.sequences()).to.have.length.above(1)
      expect(tries).to.be.above(1)
      expect((await site.actions()).filter((action) => action === 'audit.checkpoint failed')).to.have.length(1)
    })
  })
}

class Signing {
  now = seconds(100)
  readonly opened: Opened
  readonly signer: Ed25519CheckpointSigner
  /** What reached the place outside, each once. */
  readonly #written = new Map<string, SignedCheckpoint>()

  constructor(opened: Opened) {
    this.opened = opened
    this.signer = new Ed25519CheckpointSigner(opened.chain, newCheckpointKey())
  }

  get written(): readonly SignedCheckpoint[] {
    return [...this.#written.values()]
  }

  program({ everyEntries, everyMs }: { readonly everyEntries: number; readonly everyMs: number }, more: readonly CheckpointOutlet[] = []): AuditCheckpoints {
    const { opened: { catalogue, chain }, signer } = this
    const place: CheckpointOutlet = { name: 'file', close: async () => undefined, write: async (line) => {
      const parsed: unknown = JSON.parse(line)
      const { note } = parsed as { readonly note: string }
      this.#written.set(note, parseCheckpoint(note))
      await Promise.resolve()
    } }
    return new AuditCheckpoints({ chain, log: catalogue.audit, evidence: catalogue.evidence, signer, outlets: [...more, place], everyEntries, everyMs, runtime: quietRuntime(() => this.now) })
  }

  async append(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, index) => this.opened.catalogue.audit.append(auditDraft(index))))
  }

  sequences(): readonly number[] {
    return this.written.map(({ sequence }) => sequence)
  }

  async actions(): Promise<readonly string[]> {
    const { entries } = await this.opened.catalogue.audit.read(EVERY_ENTRY, { first: 100, before: null })
    return entries.map(({ entry }) => `${entry.action}${entry.outcome === 'ok' ? '' : ` ${entry.outcome}`}`)
  }
}
