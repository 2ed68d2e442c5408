import { decodeG711 } from '../../../adapters/phone/g711.ts'

/** A WAV of G.711 as a reader takes it that knows nothing of who wrote it: chunk by chunk, by the tables of our telephone. */
export interface G711Wav {
  readonly law: 'PCMU' | 'PCMA'
  readonly sampleRateHz: number
  /** What the `fact` chunk says. */
  readonly frames: number
  readonly codes: Buffer
  readonly channels: readonly [Int16Array, Int16Array]
}

const LAWS = new Map<number, G711Wav['law']>([[6, 'PCMA'], [7, 'PCMU']])

/** @throws Error unless each size is right to the byte */
export function parseG711(file: Buffer): G711Wav {
  const chunks = chunksOf(file)
  const [fmt, fact, codes] = [chunks.get('fmt '), chunks.get('fact'), chunks.get('data')]
  const law = LAWS.get(fmt?.readUInt16LE(0) ?? 0)
  if (fmt === undefined || fact === undefined || codes === undefined || law === undefined) throw new Error('it is no WAV of G.711')
  const numbers = [fmt.readUInt16LE(2), fmt.readUInt32LE(8), fmt.readUInt16LE(12), fmt.readUInt16LE(14), fmt.readUInt16LE(16)]
  const sampleRateHz = fmt.readUInt32LE(4)
  if (numbers.join() !== [2, sampleRateHz * 2, 2, 8, 0].join()) throw new Error(`its format says ${numbers.join()}`)
  const side = (offset: number): Int16Array => decodeG711(law, codes.filter((_, index) => index % 2 === offset))
  return { law, sampleRateHz, frames: fact.readUInt32LE(0), codes, channels: [side(0), side(1)] }
}

function chunksOf(file: Buffer): ReadonlyMap<string, Buffer> {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.readUInt32LE(4) !== file.length - 8 || file.toString('latin1', 8, 12) !== 'WAVE') throw new Error('it does not begin as a WAV of its size')
  const chunks = new Map<string, Buffer>()
  let at = 12
  while (at < file.length) {
    const size = file.readUInt32LE(at + 4)
    chunks.set(file.toString('latin1', at, at + 4), file.subarray(at + 8, at + 8 + size))
    at += 8 + size + (size % 2)
  }
  if (at !== file.length) throw new Error('its last chunk is cut off')
  return chunks
}
