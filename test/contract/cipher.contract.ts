import { describe, it } from 'mocha'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Cipher, OpenedBlob } from '../../core/ports/cipher.ts'
import { collect, inPieces, patternBytes } from '../support/bytes.ts'
import { MemoryBlobReader } from '../support/fakes/memory-blob-store.ts'
import { expectCode } from '../support/rejection.ts'
import { runs } from '../support/property-runs.ts'

const CHUNK = 64 * 1024
/** Around the edges of a chunk: where a cipher of chunks goes wrong. */
const SIZES = [0, 1, 15, 16, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 3 * CHUNK, 1_000_003]

interface Sealed {
  readonly header: Uint8Array
  readonly payload: Uint8Array
}

/** What every cipher does. `open` gives one that can open what it sealed; `stranger` one that cannot open what others sealed. */
export function cipherContract(name: string, open: () => Promise<Cipher>, stranger: () => Promise<Cipher>): void {
  describe(`${name} is a Cipher`, () => {
    for (const sizeBytes of SIZES) {
      it(`opens ${sizeBytes} bytes as they were`, async () => {
        const cipher = await open()
        const plain = patternBytes(sizeBytes)
        const sealed = await seal(cipher, plain)
        using opened = await mustOpen(cipher, sealed)
        expect(opened.sizeBytes).to.equal(sizeBytes)
        expect((await collect(opened.read(0, sizeBytes))).equals(plain)).to.equal(true)
      })
    }

    it('opens what came and is read in pieces of any size', async () => {
      const cipher = await open()
      const plain = patternBytes(2 * CHUNK + 77)
      for (const pieceBytes of [1009, CHUNK + 16, 1_000_000]) {
        const sealed = await seal(cipher, plain, pieceBytes)
        using opened = await mustOpen(cipher, sealed, pieceBytes)
        expect((await collect(opened.read(0, plain.length))).equals(plain), `${pieceBytes}`).to.equal(true)
      }
    })

    it('gives every range as the slice of the whole', async () => {
      const cipher = await open()
      const plain = patternBytes(3 * CHUNK + 1234)
      using opened = await mustOpen(cipher, await seal(cipher, plain))
      const place = fc.oneof(fc.nat(plain.length), fc.constantFrom(0, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, plain.length))
      await fc.assert(fc.asyncProperty(place, place, async (one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)]
        expect((await collect(opened.read(start, end))).equals(plain.subarray(start, end))).to.equal(true)
      }), runs(150))
    })

    it('refuses a range that is not there', async () => {
      const cipher = await open()
      using opened = await mustOpen(cipher, await seal(cipher, patternBytes(10)))
      for (const [start, end] of [[0, 11], [-1, 3], [4, 3], [0, 0.5], [Number.NaN, 1]] as const) {
        await expectCode(collect(opened.read(start, end)), 'BLOB_RANGE')
      }
    })

    it('never seals the same bytes the same way', async () => {
      const cipher = await open()
      const [one, other] = [await seal(cipher, patternBytes(100)), await seal(cipher, patternBytes(100))]
      expect(Buffer.from(one.payload).equals(other.payload)).to.equal(false)
      expect(Buffer.from(one.header).equals(other.header)).to.equal(false)
    })

    it('gives null for what others sealed', async () => {
      const sealed = await seal(await stranger(), patternBytes(100))
      expect(await (await open()).open(sealed.header, new MemoryBlobReader(sealed.payload))).to.equal(null)
    })

    it('throws on what the plaintext throws', async () => {
      const fault = new Error('the source broke')
      const { payload } = await (await open()).seal(async function* () {
        yield patternBytes(100_000)
        throw fault
      }())
      const [outcome] = await Promise.allSettled([collect(payload)])
      expect(outcome).to.deep.include({ status: 'rejected', reason: fault })
    })
  })
  tampering(name, open)
}

function tampering(name: string, open: () => Promise<Cipher>): void {
  describe(`${name} against tampering`, () => {
    it('refuses any truncation and any extension of the payload before the first byte', async () => {
      const cipher = await open()
      const { header, payload } = await seal(cipher, patternBytes(2 * CHUNK + 500))
      const lengths = fc.oneof(fc.nat(payload.length - 1), fc.constantFrom(0, 15, 16, 17, 32, 16 + CHUNK + 16, 16 + 2 * (CHUNK + 16), payload.length - 1))
      await fc.assert(fc.asyncProperty(lengths, async (length) => {
        await expectCode(cipher.open(header, new MemoryBlobReader(payload.subarray(0, length))), 'INTEGRITY_MISMATCH')
      }), runs(100))
      for (const extra of [1, 16, 17, CHUNK + 16]) {
        const longer = Buffer.concat([payload, patternBytes(extra)])
        await expectCode(cipher.open(header, new MemoryBlobReader(longer)), 'INTEGRITY_MISMATCH')
      }
    })

    it('refuses a header with any bit flipped, or does not know it any more', async () => {
      const cipher = await open()
      const { header, payload } = await seal(cipher, patternBytes(10))
      await fc.assert(fc.asyncProperty(fc.nat(header.length * 8 - 1), async (bit) => {
        const [outcome] = await Promise.allSettled([cipher.open(flipped(header, bit), new MemoryBlobReader(payload))])
        if (outcome?.status === 'fulfilled') expect(outcome.value).to.equal(null)
        else expect(outcome?.reason).to.include({ code: 'INTEGRITY_MISMATCH' })
      }), runs(150))
    })

    it('refuses a header with something before or after it', async () => {
      const cipher = await open()
      const { header, payload } = await seal(cipher, patternBytes(10))
      for (const changed of [Buffer.concat([header, Buffer.from('\n')]), Buffer.concat([Buffer.from('\n'), header]), header.subarray(0, -1), new Uint8Array(0)]) {
        await expectCode(cipher.open(changed, new MemoryBlobReader(payload)), 'INTEGRITY_MISMATCH')
      }
    })

    it('refuses the header of another object', async () => {
      const cipher = await open()
      const [one, other] = [await seal(cipher, patternBytes(10)), await seal(cipher, patternBytes(10))]
      await expectCode(cipher.open(one.header, new MemoryBlobReader(other.payload)), 'INTEGRITY_MISMATCH')
    })

    it('serves every chunk before a flipped bit, and nothing of the one that has it', async () => {
      const cipher = await open()
      const plain = patternBytes(4 * CHUNK + 9)
      const { header, payload } = await seal(cipher, plain)
      await fc.assert(fc.asyncProperty(fc.nat(payload.length * 8 - 1), async (bit) => {
        const changed = new MemoryBlobReader(flipped(payload, bit))
        const chunk = Math.floor((Math.floor(bit / 8) - 16) / (CHUNK + 16))
        // The nonce and the last chunk are proved at opening.
        if (chunk < 0 || chunk === 4) {
          await expectCode(cipher.open(header, changed), 'INTEGRITY_MISMATCH')
          return
        }
        const opened = await cipher.open(header, changed)
        if (opened === null) throw new Error('the header was not changed')
        using readable = opened
        const served: Uint8Array[] = []
        await expectCode(serve(readable, served), 'INTEGRITY_MISMATCH')
        expect(Buffer.concat(served).equals(plain.subarray(0, chunk * CHUNK))).to.equal(true)
      }), runs(60))
    })

    it('refuses chunks in another order', async () => {
      const cipher = await open()
      const { header, payload } = await seal(cipher, patternBytes(3 * CHUNK))
      const at = (index: number): Uint8Array => payload.subarray(16 + index * (CHUNK + 16), 16 + (index + 1) * (CHUNK + 16))
      const swapped = Buffer.concat([payload.subarray(0, 16), at(1), at(0), at(2)])
      const opened = await cipher.open(header, new MemoryBlobReader(swapped))
      if (opened === null) throw new Error('the header was not changed')
      using readable = opened
      await expectCode(collect(readable.read(0, 1)), 'INTEGRITY_MISMATCH')
    })

    it('is not read after its disposal', async () => {
      const cipher = await open()
      const opened = await mustOpen(cipher, await seal(cipher, patternBytes(10)))
      opened[Symbol.dispose]()
      const [outcome] = await Promise.allSettled([collect(opened.read(0, 10))])
      expect(outcome?.status).to.equal('rejected')
    })
  })
}

async function seal(cipher: Cipher, plain: Uint8Array, pieceBytes?: number): Promise<Sealed> {
  const { header, payload } = await cipher.seal(inPieces(plain, pieceBytes))
  return { header, payload: await collect(payload) }
}

async function mustOpen(cipher: Cipher, sealed: Sealed, pieceBytes?: number): Promise<OpenedBlob> {
  const opened = await cipher.open(sealed.header, new MemoryBlobReader(sealed.payload, pieceBytes))
  if (opened === null) throw new Error('what was sealed here cannot be opened here')
  return opened
}

async function serve(opened: OpenedBlob, served: Uint8Array[]): Promise<void> {
  for await (const piece of opened.read(0, opened.sizeBytes)) served.push(piece)
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  const at = Math.floor(bit / 8)
  changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8))
  return changed
}
