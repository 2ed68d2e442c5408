import { before, describe, it } from 'mocha'
import { expect } from 'chai'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { headerSize } from '../../core/crypto/age-header.ts'
import { KeyRing, type NewIdentity, newIdentity } from '../../core/crypto/key-ring.ts'
import { isProtected, openProtected, protectText } from '../../core/crypto/protected-identity.ts'
import { collect, inPieces, patternBytes } from '../support/bytes.ts'
import { requireCommand } from '../support/commands.ts'
import { MemoryBlobReader } from '../support/fakes/memory-blob-store.ts'
import { temporaryDirectory } from '../support/hooks.ts'

const NOW = new Date('2026-01-01T00:00:00Z')
const PASSPHRASE = 'correct horse battery staple'
const CHUNK = 64 * 1024

describe('AgeCipher and the age command', () => {
  let age = ''
  let keygen = ''
  let own: NewIdentity
  let escrow: NewIdentity
  before(async function () {
    age = await requireCommand(this, 'age', 'age')
    keygen = await requireCommand(this, 'age-keygen', 'age')
    own = await newIdentity(NOW)
    escrow = await newIdentity(NOW)
  })

  for (const sizeBytes of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 1_000_003]) {
    it(`header followed by payload is opened by age: ${sizeBytes} bytes`, async () => {
      const plain = patternBytes(sizeBytes)
      const { header, payload } = await (await cipherOf([escrow, own], [])).seal(inPieces(plain))
      const file = Buffer.concat([header, await collect(payload)])
      expect(decrypted(age, file, await identityFile(own)).equals(plain)).to.equal(true)
      expect(decrypted(age, file, await identityFile(escrow)).equals(plain)).to.equal(true)
    })

    it(`opens what age sealed: ${sizeBytes} bytes`, async () => {
      const plain = patternBytes(sizeBytes)
      const file = execFileSync(age, ['-r', escrow.recipient, '-r', own.recipient], { input: plain })
      const headerBytes = headerSize(file) ?? 0
      using opened = await (await cipherOf([], [own])).open(file.subarray(0, headerBytes), new MemoryBlobReader(file.subarray(headerBytes)))
      expect((await collect(opened?.read(0, sizeBytes) ?? inPieces(patternBytes(1)))).equals(plain)).to.equal(true)
    })
  }

  it('age opens what was re-wrapped', async () => {
    const plain = patternBytes(CHUNK + 1)
    const { header, payload } = await (await cipherOf([own], [])).seal(inPieces(plain))
    const rotated = await (await cipherOf([escrow], [own])).rewrap(header)
    const file = Buffer.concat([rotated?.header ?? new Uint8Array(0), await collect(payload)])
    expect(decrypted(age, file, await identityFile(escrow)).equals(plain)).to.equal(true)
  })

  it('age opens with a protected identity of ours, and shows what is in it', async () => {
    const file = join(await temporaryDirectory(), 'identity.age')
    await writeFile(file, await protectText(own.fileText, PASSPHRASE), { mode: 0o600 })
    const plain = patternBytes(CHUNK + 1)
    const { header, payload } = await (await cipherOf([own], [])).seal(inPieces(plain))
    const sealed = join(await temporaryDirectory(), 'sealed.age')
    await writeFile(sealed, Buffer.concat([header, await collect(payload)]))
    const opened = `${sealed}.plain`
    await atTerminal([age, '--decrypt', '-o', opened, '-i', file, sealed])
    expect((await readFile(opened)).equals(plain)).to.equal(true)
    await atTerminal([age, '--decrypt', '-o', `${file}.plain`, file])
    expect(await readFile(`${file}.plain`, 'utf8')).to.equal(own.fileText)
  }).timeout(60_000)

  for (const armour of [[], ['--armor']] as const) {
    it(`opens an identity that age protected${armour.length === 0 ? '' : ', in armour'}`, async () => {
      const made = join(await temporaryDirectory(), 'made.txt')
      execFileSync(keygen, ['-o', made], { stdio: 'ignore' })
      await atTerminal([age, '--passphrase', ...armour, '-o', `${made}.age`, made])
      const file = await readFile(`${made}.age`)
      expect(isProtected(file)).to.equal(true)
      expect(await openProtected(file, PASSPHRASE, made)).to.equal(await readFile(made, 'utf8'))
      expect(await openProtected(file, `${PASSPHRASE}.`, made)).to.equal(null)
    }).timeout(60_000)
  }

  it('age-keygen finds the same recipient in an identity file of ours', async () => {
    const told = execFileSync(keygen, ['-y', await identityFile(own)], { encoding: 'utf8' })
    expect(told.trim()).to.equal(own.recipient)
  })
})

/** age asks for passphrases at a terminal and nowhere else: `script` (util-linux) gives it one, and types. */
async function atTerminal(words: readonly string[]): Promise<void> {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  const child = spawn('script', ['--quiet', '--return', '--command', quoted, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    said += text
    // Typed after it was asked for: what comes before is lost when echo is turned off.
    if (/assphrase[^:]*: *$/.test(text)) child.stdin.write(`${PASSPHRASE}\n`)
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`age ended with ${String(code)}: ${said}`)
}

async function cipherOf(recipients: readonly NewIdentity[], identities: readonly NewIdentity[]): Promise<AgeCipher> {
  return new AgeCipher(await KeyRing.load({
    recipients: recipients.map(({ recipient }) => ({ place: 'recipients', text: recipient })),
    identities: identities.map(({ fileText }) => ({ place: 'identities', text: fileText })),
  }))
}

async function identityFile({ fileText }: NewIdentity): Promise<string> {
  const path = join(await temporaryDirectory(), 'identity.txt')
  await writeFile(path, fileText, { mode: 0o600 })
  return path
}

function decrypted(age: string, file: Uint8Array, identityPath: string): Buffer {
  return execFileSync(age, ['--decrypt', '-i', identityPath], { input: file, maxBuffer: 16 * 1024 * 1024 })
}
