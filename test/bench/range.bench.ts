import { open } from 'node:fs/promises'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { KeyRing, newIdentity } from '../../core/crypto/key-ring.ts'
import { DirectoryBlobStore } from '../../core/store/directory-blob-store.ts'
import { patternBytes } from '../support/bytes.ts'
import { type Bench, type BenchForm, median, quantile, ratio, timed } from './bench.ts'

/** Two channels of 8 kHz, 16 bits. */
const BYTES_PER_MINUTE = 60 * 8000 * 2 * 2
const FORMS: Readonly<Record<BenchForm, { readonly minutes: number; readonly reads: number }>> = { full: { minutes: 60, reads: 1000 }, quick: { minutes: 1, reads: 20 } }
const KIB = 1024

/** Reading ranges of a sealed recording, at places chosen at random, beside the same ranges of an unsealed file. */
export const bench: Bench = async (folder, form) => {
  const { minutes, reads } = FORMS[form]
  const recordingBytes = 44 + minutes * BYTES_PER_MINUTE
  const { recipient, fileText } = await newIdentity(new Date())
  const cipher = new AgeCipher(await KeyRing.load({ recipients: [{ place: 'bench', text: recipient }], identities: [{ place: 'bench', text: fileText }] }))
  const store = new DirectoryBlobStore(folder)
  const sealed = await cipher.seal(sound(recordingBytes))
  await store.put('payload', sealed.payload)
  const payload = await store.open('payload')
  if (payload === null) throw new Error('nothing was sealed')

  const openings: number[] = []
  for (let round = 0; round < reads / 10; round += 1) {
    openings.push(await timed(async () => {
      using _ = await cipher.open(sealed.header, payload)
    }))
  }
  using opened = await cipher.open(sealed.header, payload)
  if (opened === null) throw new Error('sealed to somebody else')
  const plainFile = await open(await onlyFileBelow(folder))
  const rows: (readonly (string | number)[])[] = [['open: header, length proved', ms(median(openings)), ms(quantile(openings, 0.99)), '', '']]
  for (const [name, sizeBytes] of [['1 s of sound', 32_000], ['64 KiB', 64 * KIB], ['1 MiB', KIB * KIB]] as const) {
    const [ours, plain]: [number[], number[]] = [[], []]
    for (let round = 0; round < reads; round += 1) {
      const start = Math.floor(Math.random() * (recordingBytes - sizeBytes))
      ours.push(await timed(() => drain(opened.read(start, start + sizeBytes))))
      plain.push(await timed(() => plainFile.read(Buffer.allocUnsafe(sizeBytes), 0, sizeBytes, start)))
    }
    rows.push([name, ms(median(ours)), ms(quantile(ours, 0.99)), ms(median(plain)), ratio(median(ours), median(plain))])
  }
  await plainFile.close()
  return {
    title: `Ranges of a sealed recording of ${minutes} minutes`,
    columns: ['', 'p50, ms', 'p99, ms', 'unsealed p50, ms', 'to unsealed'],
    rows,
    notes: [
      `${reads} reads at random places of ${Math.round(recordingBytes / 1e6)} MB in the directory store (the file is in the system's cache), ${reads / 10} openings.`,
      'A chunk is opened whole before a byte of it is served: a range costs one or two chunks of 64 KiB at least.',
    ],
  }
}

async function* sound(sizeBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  const piece = patternBytes(1_000_000)
  for (let at = 0; at < sizeBytes; at += piece.length) yield piece.subarray(0, Math.min(piece.length, sizeBytes - at))
}

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) if (piece.length === 0) throw new Error('an empty piece')
}

async function onlyFileBelow(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const [file] = files
  if (file === undefined || files.length > 1) throw new Error('expected one file')
  return join(file.parentPath, file.name)
}

function ms(value: number): string {
  return value.toFixed(2)
}
