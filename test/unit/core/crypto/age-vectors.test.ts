import { describe, it } from 'mocha'
import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import * as vectors from 'cctv-age'
import { AgeCipher } from '../../../../core/crypto/age-cipher.ts'
import { headerSize } from '../../../../core/crypto/age-header.ts'
import { CHUNK_BYTES } from '../../../../core/crypto/age-payload.ts'
import { KeyRing } from '../../../../core/crypto/key-ring.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import type { OpenedBlob } from '../../../../core/ports/cipher.ts'
import { MemoryBlobReader } from '../../../support/fakes/memory-blob-store.ts'
import { isDeep } from '../../../support/property-runs.ts'

const EXPECTATIONS = ['success', 'no match', 'HMAC failure', 'header failure', 'payload failure'] as const
type Expectation = (typeof EXPECTATIONS)[number]

interface Vector {
  readonly name: string
  readonly expect: Expectation
  readonly payloadSha256: string | null
  readonly identities: readonly string[]
  readonly file: Uint8Array
}

/** What a reading ended in. `served`: what was given out before. */
interface Outcome {
  readonly end: 'all' | 'no match' | 'refused at opening' | 'refused while reading'
  readonly served: Uint8Array
}

/** How a file of each kind must end. Proving the end first refuses most damaged payloads before anything was served. */
const ENDS: Record<Expectation, readonly Outcome['end'][]> = {
  success: ['all'],
  'no match': ['no match'],
  'HMAC failure': ['refused at opening'],
  'header failure': ['refused at opening'],
  'payload failure': ['refused at opening', 'refused while reading'],
}

/**
 * A chunk that says it is the last, with another after it. A reader of streams serves it and then fails;
 * ours knows by the length that it cannot be the last, and serves nothing of it.
 */
const REFUSED_SOONER: ReadonlySet<string> = new Set(['stream_two_final_chunks', 'stream_two_final_chunks_full', 'stream_two_final_chunks_second'])

/** Larger ones take seconds byte by byte. */
const BYTE_BY_BYTE_UP_TO = isDeep() ? 200_000 : 10_000
/** Those with more than 256 chunks have 16 MB each. */
const LARGEST_BYTES = isDeep() ? Number.POSITIVE_INFINITY : 1_000_000

describe('the shared age vectors', () => {
  const ours = Object.entries(vectors).map(([name, bytes]) => parseVector(name, bytes)).filter((vector) => vector !== null)

  it('are there: all that use neither a passphrase nor armour', () => {
    expect(ours.length).to.equal(85)
  })

  for (const vector of ours.filter(({ file }) => file.length <= LARGEST_BYTES)) {
    it(`${vector.name}: ${vector.expect}`, async () => {
      for (const pieceBytes of vector.file.length <= BYTE_BY_BYTE_UP_TO ? [64 * 1024, 1] : [64 * 1024, 65_537]) {
        const { end, served } = await readWhole(vector, pieceBytes)
        expect(end).to.be.oneOf(ENDS[vector.expect])
        // What was served before a failure is part of the truth; what is refused at opening serves nothing.
        if (REFUSED_SOONER.has(vector.name)) expect(served.length).to.equal(vector.name.endsWith('second') ? CHUNK_BYTES : 0)
        else if (end === 'all' || end === 'refused while reading') expect(sha256(served)).to.equal(vector.payloadSha256)
        else expect(served.length).to.equal(0)
      }
    })

    if (vector.expect === 'success') {
      it(`${vector.name}: every range is a slice of the whole`, async () => {
        const { served } = await readWhole(vector, 64 * 1024)
        using opened = await open(vector, 10_007)
        if (opened === null) throw new Error('it opened before')
        for (let round = 0; round < 20; round += 1) {
          const start = Math.floor(served.length * (round * 0.618 % 1))
          const end = Math.min(served.length, start + round * 7919)
          expect(Buffer.concat(await pieces(opened, start, end)).equals(served.subarray(start, end))).to.equal(true)
        }
      })
    }
  }
})

async function readWhole(vector: Vector, pieceBytes: number): Promise<Outcome> {
  const served: Uint8Array[] = []
  let opened: OpenedBlob | null
  try {
    opened = await open(vector, pieceBytes)
  } catch (error) {
    return { end: refusal(error, 'refused at opening'), served: new Uint8Array(0) }
  }
  if (opened === null) return { end: 'no match', served: new Uint8Array(0) }
  using readable = opened
  try {
    for await (const piece of readable.read(0, readable.sizeBytes)) served.push(piece)
  } catch (error) {
    return { end: refusal(error, 'refused while reading'), served: Buffer.concat(served) }
  }
  return { end: 'all', served: Buffer.concat(served) }
}

async function open({ file, identities }: Vector, pieceBytes: number): Promise<OpenedBlob | null> {
  const keys = await KeyRing.load({ recipients: [], identities: identities.map((text) => ({ place: 'vector', text })) })
  const headerBytes = headerSize(file) ?? file.length
  return new AgeCipher(keys).open(file.subarray(0, headerBytes), new MemoryBlobReader(file.subarray(headerBytes), pieceBytes))
}

async function pieces(opened: OpenedBlob, start: number, end: number): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const piece of opened.read(start, end)) all.push(piece)
  return all
}

function refusal(error: unknown, end: Outcome['end']): Outcome['end'] {
  if (error instanceof HoldfastError && error.code === 'INTEGRITY_MISMATCH') return end
  throw error
}

/** Source: cctv-age README, "Test file format". `null`: needs what the cipher has not: passphrases, armour. */
function parseVector(name: string, bytes: Uint8Array): Vector | null {
  const file = Buffer.from(bytes)
  const bodyAt = file.indexOf('\n\n') + 2
  const lines = file.subarray(0, bodyAt).toString('utf8').trim().split('\n').map((line) => {
    const colon = line.indexOf(': ')
    return { key: line.slice(0, colon), value: line.slice(colon + 2) }
  })
  const first = (key: string): string | null => lines.find((line) => line.key === key)?.value ?? null
  const all = (key: string): readonly string[] => lines.filter((line) => line.key === key).map(({ value }) => value)
  if (first('passphrase') !== null || first('armored') !== null) return null
  const body = file.subarray(bodyAt)
  return {
    name,
    expect: EXPECTATIONS.find((expectation) => expectation === first('expect')) ?? fail(name),
    payloadSha256: first('payload'),
    identities: all('identity'),
    file: first('compressed') === 'zlib' ? inflateSync(body) : body,
  }
}

function fail(name: string): never {
  throw new Error(`the vector ${name} expects something unknown`)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
