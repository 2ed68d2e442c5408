import { createHash } from 'node:crypto'
import vm from 'node:vm'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { Ed25519Signer, newSigningKey } from '../../../../../core/crypto/ed25519-signer.ts'
import { tarEnd, tarHeader, tarPadding } from '../../../../../core/domain/package/tar.ts'
import { verifyPage } from '../../../../../core/library/export/package-page.ts'
import { type FoundFile, readPackage, type VerifiedPackage, verifyPackage, type VerifyQuestion } from '../../../../../core/library/export/package-verify.ts'
import { LibraryBench } from '../library-bench.ts'
import { packageOfFiles, ProofSamples } from './proof-samples.ts'
import { makerOf, orderOf, packageOf, SIGNER } from '../package-bench.ts'

interface Verifier {
  readonly readPackage: typeof readPackage
  readonly verifyPackage: (question: VerifyQuestion) => Promise<VerifiedPackage>
}

/** The very script of the page, in a context that has what a browser has and the page's elements in name only. */
function scriptOfPage(): Verifier {
  const script = /<script>([^]*)<\/script>/.exec(verifyPage())?.[1] ?? ''
  const context = vm.createContext({ document: { getElementById: () => ({}) }, Blob, crypto, TextEncoder, TextDecoder, Uint8Array, atob, btoa, URL })
  vm.runInContext(script, context)
  return context as unknown as Verifier
}

const VERIFIERS: Readonly<Record<string, () => Verifier>> = { 'the command': () => ({ readPackage, verifyPackage }), 'the page': scriptOfPage }

async function sample(): Promise<Buffer> {
  const bench = await LibraryBench.open()
  const { id } = await bench.stored({ sizeBytes: 3000 })
  const other = await bench.stored({ sizeBytes: 700 })
  const requester = await bench.library.authentication.authenticate(await bench.token('compliance-officer'), 'local')
  return await packageOf(makerOf(bench), orderOf(requester), { requester, ids: [id, other.id] })
}

async function sha256(content: Blob): Promise<string> {
  return createHash('sha256').update(Buffer.from(await content.arrayBuffer())).digest('hex')
}

const shared = sample()

for (const [name, open] of Object.entries(VERIFIERS)) {
  const verifier = open()
  const verdictOf = async (archive: Buffer, trustedKeyPem: string | null = SIGNER.verificationKeyPem): Promise<VerifiedPackage> =>
    await verifier.verifyPackage({ ...await verifier.readPackage(new Blob([Uint8Array.from(archive)])), origin: 'archive', sha256, trustedKeyPem, auditKeys: null })
  const unpackedVerdict = async (change: (files: readonly FoundFile[]) => readonly FoundFile[]): Promise<VerifiedPackage> => {
    const { files } = await readPackage(new Blob([Uint8Array.from(await shared)]))
    return await verifier.verifyPackage({ files: change(files), origin: 'files', faults: [], sha256, trustedKeyPem: SIGNER.verificationKeyPem, auditKeys: null })
  }

  describe(`a package before ${name}`, () => {
    it('is good as it was made, packed and unpacked, and says who exported it and why', async () => {
      const whole = await verdictOf(await shared)
      expect(whole.verdict, whole.faults.join()).to.equal('good')
      expect(whole.keyId).to.equal(SIGNER.keyId)
      expect(whole.manifest?.['reason']).to.equal('claim 4711')
      expect(whole.files.map(({ name: file }) => file.replace(/\d+/, 'ID'))).to.deep.equal([...['recording.json', 'audit.jsonl', 'audit-proofs.jsonl', 'audio.wav', 'recording.json', 'audit.jsonl', 'audit-proofs.jsonl', 'audio.wav'].map((file) => `recordings/ID/${file}`), 'verify.html'])
      expect((await unpackedVerdict((files) => files)).verdict).to.equal('good')
    })

    it('is bad with any one byte changed, wherever it is', async function () {
      const archive = await shared
      // Each header and each end of a file is in it: every 37th byte meets all kinds of places, and the whole manifest byte by byte.
      const manifestAt = archive.lastIndexOf('"keyId":') - 64
      const places = [...Array.from({ length: Math.ceil(manifestAt / 37) }, (_, index) => index * 37), ...Array.from({ length: 400 }, (_, index) => archive.length - 1024 - 1 - index), archive.length - 1, archive.length - 1024]
      for (const at of places) {
        archive[at] = (archive[at] ?? 0) ^ 1
        const { verdict } = await verdictOf(archive)
        archive[at] = (archive[at] ?? 0) ^ 1
        expect(verdict, `byte ${at}`).to.equal('bad')
      }
    })

    it('is bad when it is cut off or something is behind it', async () => {
      const archive = await shared
      expect((await verdictOf(archive.subarray(0, -512))).verdict).to.equal('bad')
      expect((await verdictOf(Buffer.concat([archive, Buffer.alloc(512)]))).verdict).to.equal('bad')
    })

    it('names the byte where an archive begins to differ, and the file before it', async () => {
      const archive = packageOfFiles(new Map([['one.txt', 'one'], ['two.txt', 'two']]))
      const faultsWith = async (at: number, bytes: Uint8Array | string): Promise<readonly string[]> => {
        const changed = Buffer.from(archive)
        changed.set(Buffer.from(bytes), at)
        return (await verdictOf(changed)).faults
      }
      expect(await faultsWith(1024 + 156, '5')).to.deep.equal(['the archive is damaged or was changed at byte 1180, behind one.txt', 'there is no manifest.json'])
      expect((await faultsWith(0, '\x01'))[0]).to.equal('the archive is damaged or was changed at byte 0, at its start')
      // 4 GiB, in an archive of some kilobytes.
      expect((await faultsWith(1024, tarHeader('two.txt', 2 ** 32)))[0]).to.equal('the archive is damaged or was changed at byte 1024: two.txt is told as 4294967296 bytes there, and the archive ends before')
    })

    it('is bad where a name leads out of it, also where it was signed so', async () => {
      for (const file of ['../one', 'recordings/../../one', '/etc/one', 'recordings/..', 'recordings//one', '..\\one']) {
        const { verdict, faults } = await verdictOf(packageOfFiles(new Map([[file, 'x']])))
        expect([verdict, ...faults]).to.deep.equal(['bad', `the name ${file} at byte 0 leads out of the package: do not unpack it`])
      }
      expect((await verdictOf(packageOfFiles(new Map([['recordings/8/a..b.txt', 'x']])))).verdict).to.equal('good')
    })

    it('is bad where a proof of the audit in it does not hold', async () => {
      const files = new ProofSamples().files()
      expect((await verdictOf(packageOfFiles(files))).proofs).to.deep.include({ consistent: 6, faults: [] })
      const { verdict, faults, proofs } = await verdictOf(packageOfFiles(new Map([...files, ['recordings/82/audit-proofs.jsonl', '<img>\n']])))
      expect([verdict, ...faults, ...proofs.faults]).to.deep.equal(['bad', 'recordings/82/audit-proofs.jsonl, line 1: this is no proof of an audit entry as we write it'])
    })

    it('names the file that is missing, added, renamed or changed', async () => {
      const states = async (change: (files: readonly FoundFile[]) => readonly FoundFile[]): Promise<readonly string[]> => {
        const { verdict, files } = await unpackedVerdict(change)
        return [verdict, ...files.filter(({ state }) => state !== 'good').map(({ name: file, state }) => `${file.replace(/\d+/, 'ID')} ${state}`)]
      }
      expect(await states((files) => files.slice(1))).to.deep.equal(['bad', 'recordings/ID/recording.json missing'])
      expect(await states((files) => [...files, { name: 'more.txt', content: new Blob(['x']) }])).to.deep.equal(['bad', 'more.txt not listed'])
      expect(await states((files) => files.map((file, index) => index === 3 ? { ...file, name: 'other.wav' } : file))).to.deep.equal(['bad', 'recordings/ID/audio.wav missing', 'other.wav not listed'])
      expect(await states((files) => files.map((file, index) => index === 3 ? { ...file, content: new Blob([file.content, 'x']) } : file))).to.deep.equal(['bad', 'recordings/ID/audio.wav changed'])
      expect((await unpackedVerdict((files) => files.filter(({ name: file }) => file !== 'manifest.json'))).verdict).to.equal('bad')
    })

    it('is bad when its files stand in another order, or twice', async () => {
      const { files } = await readPackage(new Blob([Uint8Array.from(await shared)]))
      expect((await verdictOf(await packed([...files.slice(1, 2), ...files.slice(0, 1), ...files.slice(2)]))).verdict).to.equal('bad')
      expect((await verdictOf(await packed([...files, ...files.slice(0, 1)]))).verdict).to.equal('bad')
      expect((await verdictOf(await packed(files))).verdict).to.equal('good')
    })

    it('is bad when somebody else signed it', async () => {
      const { verificationKeyPem } = new Ed25519Signer(newSigningKey())
      const { verdict, faults } = await verdictOf(await shared, verificationKeyPem)
      expect([verdict, ...faults]).to.deep.equal(['bad', `the package is signed with key ${SIGNER.keyId}, and not with the one given`])
      expect((await verdictOf(await shared, null)).verdict).to.equal('good')
    })
  })
}

describe('the page that verifies', () => {
  it('is one file that may run its own script, play what it was given, and reach nothing', () => {
    const page = verifyPage()
    const script = /<script>([^]*)<\/script>/.exec(page)?.[1] ?? ''
    expect(page).to.include(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`).and.include("default-src 'none'").and.include('media-src blob:')
    expect(page).to.not.match(/https?:|src=|import\(|%SCRIPT%|%STYLE%|VERIFIER/)
  })

  it('looks again at what was chosen when another key is put in', async () => {
    const { at } = pageWithElements()
    await at('files').onchange({ target: { files: [chosenFile(new Blob([Uint8Array.from(await shared)]))] } })
    expect(await verdictShown(at)).to.equal(`good: As it was signed with key ${SIGNER.keyId}: compare these digits with those of the key that you were given`)
    at('key').value = new Ed25519Signer(newSigningKey()).verificationKeyPem
    at('key').oninput()
    expect(await verdictShown(at)).to.equal('bad: NOT as it was signed: do not rely on it')
    at('key').value = SIGNER.verificationKeyPem
    at('key').oninput()
    expect(await verdictShown(at)).to.equal(`good: As it was signed with the given key (${SIGNER.keyId})`)
  })

  it('says of the last package alone what it is, also where one of before took longer to read', async () => {
    const { at } = pageWithElements()
    const gate = Promise.withResolvers<void>()
    const whole = at('files').onchange({ target: { files: [chosenFile(new SlowBlob([Uint8Array.from(await shared)], gate.promise))] } })
    await at('files').onchange({ target: { files: [chosenFile(new Blob(['no package']))] } })
    gate.resolve()
    await whole
    expect(await verdictShown(at)).to.equal('bad: NOT as it was signed: do not rely on it')
  })
})

function chosenFile(content: Blob): Blob {
  return Object.assign(content, { name: 'claim.tar', webkitRelativePath: '' })
}

/** A file on a slow share. */
class SlowBlob extends Blob {
  readonly #gate: Promise<void>

  constructor(parts: readonly Uint8Array<ArrayBuffer>[], gate: Promise<void>) {
    super([...parts])
    this.#gate = gate
  }

  override slice(from?: number, to?: number): Blob {
    const piece = super.slice(from, to)
    const read = piece.arrayBuffer.bind(piece)
    return Object.assign(piece, { arrayBuffer: async () => {
      await this.#gate
      return await read()
    } })
  }
}

interface PageElement {
  value: string
  className: string
  textContent: string
  onchange(event: { readonly target: { readonly files: readonly Blob[] } }): Promise<void>
  oninput(): void
  replaceChildren(): void
  append(): void
}

/** The page with elements that keep what is written to them. */
function pageWithElements(): { at(id: string): PageElement } {
  const made = (): PageElement => ({ value: '', className: '', textContent: '', onchange: async () => await Promise.resolve(), oninput: () => undefined, replaceChildren: () => undefined, append: () => undefined })
  const elements = new Map<string, PageElement>()
  const at = (id: string): PageElement => elements.get(id) ?? elements.set(id, made()).get(id) ?? made()
  const script = /<script>([^]*)<\/script>/.exec(verifyPage())?.[1] ?? ''
  vm.runInContext(script, vm.createContext({ document: { getElementById: at, createElement: made }, Blob, crypto, TextEncoder, TextDecoder, Uint8Array, atob, btoa, URL }))
  return { at }
}

/** Once nothing is read any more. */
async function verdictShown(at: (id: string) => PageElement): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = (): void => {
    if (at('verdict').className === '') setImmediate(look)
    else resolve()
  }
  look()
  await promise
  return `${at('verdict').className}: ${at('verdict').textContent}`
}


async function packed(files: readonly FoundFile[]): Promise<Buffer> {
  const pieces = await Promise.all(files.map(async ({ name, content }) => [tarHeader(name, content.size), new Uint8Array(await content.arrayBuffer()), tarPadding(content.size)]))
  return Buffer.concat([...pieces.flat(), tarEnd()])
}
