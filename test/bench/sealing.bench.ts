import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { Decrypter, Encrypter } from 'age-encryption'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { KeyRing, newIdentity } from '../../core/crypto/key-ring.ts'
import { DirectoryBlobStore } from '../../core/store/directory-blob-store.ts'
import { findCommand } from '../support/commands.ts'
import { patternBytes } from '../support/bytes.ts'
import { type Bench, type BenchForm, median, ratio, timed } from './bench.ts'

const run = promisify(execFile)
const FORMS: Readonly<Record<BenchForm, { readonly mebibytes: number; readonly rounds: number }>> = { full: { mebibytes: 256, rounds: 5 }, quick: { mebibytes: 4, rounds: 1 } }
const PIECE_BYTES = 512 * 1024

interface Way {
  readonly seal: () => Promise<unknown>
  readonly open: () => Promise<unknown>
}

/** Sealing and opening a file: ours beside the `age` command and the library's own cipher, on the same bytes, turn by turn. */
export const bench: Bench = async (folder, form) => {
  const { mebibytes, rounds } = FORMS[form]
  const speed = (ms: number): number => Math.round((mebibytes * 2 ** 20) / 1000 / ms)
  const plain = join(folder, 'plain')
  await writeFile(plain, patternBytes(mebibytes * 2 ** 20))
  const ways = await waysOf(folder, plain)
  const times = new Map(Object.keys(ways).map((name) => [name, { seal: [] as number[], open: [] as number[] }]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      times.get(name)?.seal.push(await timed(way.seal))
      times.get(name)?.open.push(await timed(way.open))
    }
  }
  await expectSame(plain, join(folder, 'ours.plain'))
  const age = times.get(AGE)
  return {
    title: `Sealing and opening a file of ${mebibytes} MiB`,
    columns: ['', 'seal, MB/s', 'to age', 'open, MB/s', 'to age'],
    rows: [...times].map(([name, { seal, open }]) => [
      name, speed(median(seal)), ratio(speed(median(seal)), speed(median(age?.seal ?? []))), speed(median(open)), ratio(speed(median(open)), speed(median(age?.open ?? []))),
    ]),
    notes: [
      `Medians of ${rounds} rounds, turn by turn; from file to file, one X25519 recipient. The time of the age command includes its start (about 10 ms).`,
      'Nobody waits for the disk here. All of ours runs on the event loop of one process, in slices of 64 KiB; the age command may use both cores.',
    ],
  }
}

const AGE = 'age command'

async function waysOf(folder: string, plain: string): Promise<Readonly<Record<string, Way>>> {
  const age = await findCommand('age', 'age')
  const { recipient, fileText } = await newIdentity(new Date())
  const identity = fileText.trim().split('\n').at(-1) ?? ''
  const identityFile = join(folder, 'identity')
  await writeFile(identityFile, fileText)
  const path = (name: string): string => join(folder, name)
  const cipher = new AgeCipher(await KeyRing.load({ recipients: [{ place: 'bench', text: recipient }], identities: [{ place: 'bench', text: fileText }] }))
  const store = new DirectoryBlobStore(path('store'))
  const { header, payload: toStore } = await cipher.seal(createReadStream(plain))
  await store.put('sealed', toStore)
  return {
    [AGE]: {
      seal: () => run(age, ['-r', recipient, '-o', path('age'), plain]),
      open: async () => {
        await rm(path('age.plain'), { force: true })
        await run(age, ['-d', '-i', identityFile, '-o', path('age.plain'), path('age')])
      },
    },
    Holdfast: {
      seal: async () => {
        const sealed = await cipher.seal(createReadStream(plain, { highWaterMark: PIECE_BYTES }))
        await pipeline(sealed.payload, createWriteStream(path('ours')))
      },
      open: async () => {
        const payload = await store.open('sealed')
        if (payload === null) throw new Error('nothing was sealed')
        using opened = await cipher.open(header, payload)
        if (opened === null) throw new Error('sealed to somebody else')
        await pipeline(opened.read(0, opened.sizeBytes), createWriteStream(path('ours.plain')))
      },
    },
    'age-encryption alone, in memory': {
      seal: async () => {
        const encrypter = new Encrypter()
        encrypter.addRecipient(recipient)
        await writeFile(path('library'), await encrypter.encrypt(await readFile(plain)))
      },
      open: async () => {
        const decrypter = new Decrypter()
        decrypter.addIdentity(identity)
        await writeFile(path('library.plain'), await decrypter.decrypt(await readFile(path('library'))))
      },
    },
  }
}

async function expectSame(one: string, other: string): Promise<void> {
  const digest = async (path: string): Promise<string> => createHash('sha256').update(await readFile(path)).digest('hex')
  if ((await stat(one)).size !== (await stat(other)).size || await digest(one) !== await digest(other)) throw new Error('what was opened is not what was sealed')
}
