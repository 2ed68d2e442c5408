import { flacCoder, FlacMeasure } from '../../../core/ingest/flac-coder.ts'
import type { LaneBlock } from '../../../core/ingest/lane-reader.ts'
import type { SoundCoder } from '../../../core/ingest/sound-coder.ts'

/** Blocks of sound as the FLAC file that ingest makes of them. */
export function flacFile(blocks: readonly LaneBlock[], sampleRateHz = 8000): Buffer {
  const measure = new FlacMeasure(sampleRateHz)
  fileOf(measure, blocks)
  return fileOf(flacCoder(measure.head()), blocks)
}

/** What a coder makes of blocks. */
export function fileOf(coder: SoundCoder, blocks: readonly LaneBlock[]): Buffer {
  return Buffer.concat([coder.header(), ...blocks.map((block) => Uint8Array.from(coder.encode(block))), coder.end()])
}
