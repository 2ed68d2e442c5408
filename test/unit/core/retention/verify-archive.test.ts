import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { Ed25519Signer, newSigningKey, verifiedBy } from '../../../../core/crypto/ed25519-signer.ts'
import { manifestEnd } from '../../../../core/domain/archive-manifest.ts'
import { checkObjects, drawn, type ManifestReading, readManifest } from '../../../../core/retention/verify-archive.ts'
import { ArchiveBench, RUN } from '../../../support/archive-bench.ts'
import { MemoryBlobStore } from '../../../support/fakes/memory-blob-store.ts'
import { idAt } from '../../../support/recording-facts.ts'
import { expectCode } from '../../../support/rejection.ts'
import { suiteDirectory } from '../../../support/suite-directory.ts'

const { signal } = new AbortController()

describe('the check of an archive', () => {
  const directory = suiteDirectory()
  let cold: MemoryBlobStore
  let bench: ArchiveBench
  let lines: readonly string[]
  beforeEach(async () => {
    cold = new MemoryBlobStore()
    bench = await ArchiveBench.open(join(directory(), `${process.hrtime.bigint()}.db`), { own: new MemoryBlobStore(), cold })
    for (const at of [0, 60, 120]) {
      await bench.stored({ id: idAt(at) })
      await bench.archive().archive(idAt(at), RUN, signal)
    }
    const name = await bench.archive().closeRun(RUN, signal)
    lines = String(Buffer.from(cold.blobs.get(name ?? '') ?? [])).trimEnd().split('\n')
  })
  afterEach(() => bench.close())

  async function* each(texts: readonly string[]): AsyncGenerator<string, void, undefined> {
    for (const text of texts) yield await Promise.resolve(text)
  }
  const read = async (texts: readonly string[], keyPem: string | null = bench.signer.verificationKeyPem): Promise<ManifestReading> => await readManifest(each(texts), { keyPem, verify: verifiedBy })

  it('finds a manifest good that nobody changed, and lists what is in it', async () => {
    const reading = await read(lines)
    expect(reading).to.deep.include({ signature: 'good', keyId: bench.signer.keyId })
    expect(reading.entries.map(({ recordingId }) => recordingId)).to.deep.equal([idAt(0), idAt(60), idAt(120)])
    expect((await read(lines, null)).signature).to.equal('good')
    expect((await read(lines, new Ed25519Signer(newSigningKey()).verificationKeyPem)).signature).to.equal('of-another-key')
  })

  it('finds every line that was changed, removed, doubled or moved, and a cut end', async () => {
    const [head = '', first = '', second = '', third = '', end = ''] = lines
    for (const [what, changed] of Object.entries({
      changed: [head, first.replace('"sealed":true', '"sealed":false'), second, third, end], removed: [head, first, third, end], doubled: [head, first, first, second, third, end],
      moved: [head, second, first, third, end], head: [head.replace('node-1', 'node-2'), first, second, third, end], cut: [head, first, second, third], strange: [head, first, 'x', third, end],
    })) expect((await read(changed)).signature, what).to.equal('broken')
    await expectCode(read(['something else', 'and more']), 'INTEGRITY_MISMATCH')
  })

  it('finds a line that is none of a recording, even where whoever signed it counted right', async () => {
    const [head = '', first = '', second = '', third = ''] = lines
    const signed = (texts: readonly string[], recordings: number): readonly string[] => {
      const hash = createHash('sha256')
      for (const text of texts) hash.update(`${text}\n`)
      return [...texts, manifestEnd(recordings, hash.digest('hex'), bench.signer)]
    }
    expect((await read(signed([head, first, second, third], 3))).signature).to.equal('good')
    for (const [what, texts] of Object.entries({ first: [head, 'x', first, second], last: [head, first, second, '{}'], another: [head, first, second, third.replaceAll('cold.', '../')] })) {
      expect((await read(signed(texts, 2))).signature, what).to.equal('broken')
    }
    expect((await read(signed([head, first, second, third], 2))).signature, 'counted wrong').to.equal('broken')
  })

  it('finds objects that are gone or changed, and knows a header that the keys rotated away', async () => {
    const [entry] = (await read(lines)).entries
    if (entry === undefined) throw new Error('the manifest lists three')
    expect(await checkObjects(bench.blobs, entry)).to.deep.equal({ faults: [], rotated: false })
    const header = cold.blobs.get(entry.header.name) ?? Buffer.of()
    cold.blobs.delete(entry.header.name)
    expect((await checkObjects(bench.blobs, entry)).faults).to.deep.equal([{ recordingId: idAt(0), fault: 'header-missing' }])
    cold.blobs.set(entry.payload.name.replace('payload', '3.header'), Buffer.from('newer'))
    expect(await checkObjects(bench.blobs, entry)).to.deep.equal({ faults: [], rotated: true })
    cold.blobs.set(entry.header.name, Buffer.concat([header, Buffer.of(1)]))
    cold.blobs.set(entry.payload.name, Buffer.from('x'))
    expect((await checkObjects(bench.blobs, entry)).faults.map(({ fault }) => fault)).to.deep.equal(['payload-changed', 'header-changed'])
    cold.blobs.delete(entry.payload.name)
    expect((await checkObjects(bench.blobs, entry)).faults.map(({ fault }) => fault)).to.deep.equal(['payload-missing', 'header-changed'])
  })

  it('asks no store for names that are none of ours', async () => {
    expect((await read(lines.map((line) => line.replaceAll('cold.', '../../etc/')))).entries).to.deep.equal([])
  })

  it('draws as many as are asked for, each once', () => {
    const all = Array.from({ length: 100 }, (_, index) => index)
    let at = 0
    const some = drawn(all, 10, () => (at += 0.07) % 1)
    expect([some.length, new Set(some).size]).to.deep.equal([10, 10])
    expect(drawn(all, 200, () => 0)).to.deep.equal(all)
  })
})
