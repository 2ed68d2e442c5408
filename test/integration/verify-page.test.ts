import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { tarHeader } from '../../core/domain/package/tar.ts'
import { verifyPage } from '../../core/library/export/package-page.ts'
import { BrowserPage } from '../support/browser-page.ts'
import { packageOfFiles, ProofSamples } from '../unit/core/library/export/proof-samples.ts'
import { SIGNER } from '../unit/core/library/package-bench.ts'

const PROOFS = 'recordings/81/audit-proofs.jsonl'
/** It may stand in a name: there is no blank in it. */
const MARKUP = '<img/src=x/onerror=parent.ran=1>'

/** What somebody does with the page, and what it says then. */
interface Given {
  readonly archive: Buffer
  /** Typed, or chosen as a file. */
  readonly auditKey: { readonly by: 'text' | 'file'; readonly text: string }
}

interface Seen {
  readonly verdict: string
  readonly proofs: string
  readonly faults: readonly string[]
  readonly files: readonly string[]
  /** Elements that only a package could have brought, and whether any of its script ran. */
  readonly strangers: number
  readonly ran: boolean
}

describe('the page that verifies a package, in a browser', function () {
  this.timeout(300_000)
  let page: BrowserPage
  const samples = new ProofSamples()
  const auditKey = { by: 'text', text: samples.auditKey } as const

  before(async function () {
    page = await BrowserPage.open(this)
  })
  after(() => page?.[Symbol.asyncDispose]())

  const seenWith = async (given: readonly Given[]): Promise<readonly Seen[]> => await page.run(driving(given), seen)

  it('proves the entries of the audit by the key that is typed or chosen as a file, and says where nobody gave one', async () => {
    const archive = packageOfFiles(samples.files())
    const told = await seenWith([{ archive, auditKey }, { archive, auditKey: { by: 'file', text: `# of the first day\n${samples.auditKey}\n` } }, { archive, auditKey: { by: 'text', text: '' } }])
    const proved = 'The audit: 7 entries, 6 proved by a signed checkpoint, 0 fit their hashes only, 1 unproved'
    expect(told.map(({ proofs }) => proofs)).to.deep.equal([proved, proved, 'The audit: 7 entries, 0 proved by a signed checkpoint, 6 fit their hashes only, 1 unproved'])
    for (const { verdict, faults } of told) expect([verdict, ...faults]).to.deep.equal([`As it was signed with the given key (${SIGNER.keyId})`])
  })

  it('names the line that does not hold, the entry that lacks a proof, and a key that is none', async () => {
    const files = samples.files()
    const lines = (files.get(PROOFS) ?? '').split('\n')
    const archiveWith = (changed: readonly (string | undefined)[]): Buffer => packageOfFiles(new Map([...files, [PROOFS, changed.join('\n')]]))
    const [swapped, left, strange, other] = await seenWith([
      { archive: archiveWith([lines[1], lines[0], ...lines.slice(2)]), auditKey },
      { archive: archiveWith(lines.slice(1)), auditKey },
      { archive: archiveWith(lines), auditKey: { by: 'text', text: 'audit.pub' } },
      { archive: archiveWith(lines), auditKey: { by: 'text', text: new ProofSamples().auditKey } },
    ])
    expect(swapped).to.deep.include({ verdict: 'NOT as it was signed: do not rely on it', faults: [`${PROOFS}, line 2: the entry node-1/1 stands behind one that comes later in audit.jsonl`] })
    expect(left?.faults).to.deep.equal(['To be known: recordings/81/audit.jsonl, line 1: a checkpoint in the package covers the entry node-1/1, and its proof is not there'])
    expect(strange?.verdict).to.match(/^It cannot be read: this is no public key of an audit/)
    expect(other?.verdict).to.equal('NOT as it was signed: do not rely on it')
    expect(other?.faults[0]).to.match(/line 1: the checkpoint is not signed by any of the audit keys given/)
  })

  it('shows markup in names, reasons and proofs as text, and runs none of it', async () => {
    const line = (samples.files().get(PROOFS)?.split('\n')[0] ?? '').replaceAll('"object_id":"81"', `"object_id":"${MARKUP}"`)
    const [told] = await seenWith([{ archive: packageOfFiles(new Map([...samples.files(), [MARKUP, 'x'], [PROOFS, `${line}\n`]]), MARKUP), auditKey }])
    expect(told).to.include({ strangers: 0, ran: false })
    expect(told?.faults[0]).to.equal(`${PROOFS}, line 1: the entry node-1/1 is about recording ${MARKUP}, which is not in this package`)
    expect(told?.files).to.include(`good ${MARKUP}`)
  })

  it('names the byte of a damaged archive, a size that it cannot have, and a name that leads out of it', async () => {
    const archive = packageOfFiles(new Map([['one.txt', 'one'], ['two.txt', 'two']]))
    const changed = (at: number, bytes: Uint8Array): Buffer => Buffer.concat([archive.subarray(0, at), bytes, archive.subarray(at + bytes.length)])
    const told = await seenWith([
      { archive: changed(1024 + 156, Buffer.from('5')), auditKey },
      { archive: changed(1024, tarHeader('two.txt', 2 ** 32)), auditKey },
      { archive: packageOfFiles(new Map([['../one.txt', 'one']])), auditKey },
      { archive: Buffer.alloc(0), auditKey },
    ])
    expect(told.map(({ faults }) => faults[0])).to.deep.equal([
      'the archive is damaged or was changed at byte 1180, behind one.txt',
      'the archive is damaged or was changed at byte 1024: two.txt is told as 4294967296 bytes there, and the archive ends before',
      'the name ../one.txt at byte 0 leads out of the package: do not unpack it',
      'the archive is damaged or was changed at byte 0, at its start',
    ])
    expect(new Set(told.map(({ verdict }) => verdict))).to.deep.equal(new Set(['NOT as it was signed: do not rely on it']))
  })
})

/** Opens the page as it stands in a package, and does with it what somebody would. */
function driving(given: readonly Given[]): string {
  const steps = given.map(({ archive, auditKey }) => ({ archive: archive.toString('base64'), auditKey }))
  return `
const frame = document.createElement('iframe')
frame.src = URL.createObjectURL(new Blob([new TextDecoder().decode(Uint8Array.from(atob(${JSON.stringify(Buffer.from(verifyPage()).toString('base64'))}), (letter) => letter.charCodeAt(0)))], { type: 'text/html; charset=utf-8' }))
const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
document.body.append(frame)
await loaded
const page = frame.contentDocument
const at = (id) => page.getElementById(id)
const soon = () => new Promise((resolve) => setTimeout(resolve, 20))
const choose = (id, file) => {
  const chosen = new DataTransfer()
  chosen.items.add(file)
  at(id).files = chosen.files
  at(id).dispatchEvent(new Event('change'))
}
at('key').value = ${JSON.stringify(SIGNER.verificationKeyPem)}
const told = []
for (const { archive, auditKey } of ${JSON.stringify(steps)}) {
  at('auditkey').value = auditKey.by === 'text' ? auditKey.text : ''
  if (auditKey.by === 'file') choose('auditkeyfile', new File([auditKey.text], 'audit.pub'))
  while (auditKey.by === 'file' && at('auditkey').value !== auditKey.text) await soon()
  choose('files', new File([Uint8Array.from(atob(archive), (letter) => letter.charCodeAt(0))], 'package.tar'))
  while (at('verdict').className === '') await soon()
  told.push({
    verdict: at('verdict').textContent, proofs: at('proofs').textContent, faults: [...at('faults').children].map((item) => item.textContent),
    files: [...at('listed').rows].map((row) => [...row.cells].slice(0, 2).map((cell) => cell.textContent).join(' ')),
    strangers: page.querySelectorAll('img').length, ran: globalThis.ran !== undefined,
  })
}
return told`
}

function seen(answer: unknown): readonly Seen[] {
  if (!Array.isArray(answer)) throw new Error(JSON.stringify(answer))
  return answer as readonly Seen[]
}
