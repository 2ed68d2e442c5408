import { argv, stdout } from 'node:process'
import { FfmpegEncoder } from '../../../cli/export/ffmpeg-encoder.ts'
import { wavHeader } from '../../../core/domain/wav-header.ts'

/** A second of two channels at 8 kHz. */
const SECOND_BYTES = 32_000

/** A call that never ends, fed as slowly as it is spoken, as from a store that hangs. */
async function* endless(): AsyncGenerator<Uint8Array, void> {
  yield wavHeader({ channels: 2, sampleRateHz: 8000, dataBytes: 2 ** 32 })
  for (;;) {
    yield Buffer.alloc(20 * SECOND_BYTES, 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A process that makes Opus until it is killed, and says by a line that it began. */
for await (const piece of new FfmpegEncoder(argv[2]).opus(endless(), new AbortController().signal)) if (piece.length > 0) stdout.write('begun\n')
