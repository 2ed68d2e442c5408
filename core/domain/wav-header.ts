/** Bytes of one sample of one channel: everything here is signed 16-bit PCM, little-endian. */
export const SAMPLE_BYTES = 2
/** What we write: RIFF, fmt and data, nothing else. */
export const WAV_HEADER_BYTES = 44
export const RIFF_CHUNK_BYTES = 8
export const FMT_BYTES = 16
export const PCM = 1
/** Sizes are 32-bit; a longer file says the largest size, which readers take as "up to the end". Source: RFC 2361 leaves it open, ffmpeg and sox read it so */
export const MAX_SIZE = 0xffff_ffff

/** The header of a PCM file whose length is known beforehand. Source: RIFF/WAVE, Microsoft MCI 1.0 (1991) */
export function wavHeader({ channels, sampleRateHz, dataBytes }: { readonly channels: number; readonly sampleRateHz: number; readonly dataBytes: number }): Uint8Array {
  const header = Buffer.alloc(WAV_HEADER_BYTES)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(Math.min(MAX_SIZE, WAV_HEADER_BYTES - RIFF_CHUNK_BYTES + dataBytes), 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(FMT_BYTES, 16)
  header.writeUInt16LE(PCM, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(sampleRateHz, 24)
  header.writeUInt32LE(sampleRateHz * channels * SAMPLE_BYTES, 28)
  header.writeUInt16LE(channels * SAMPLE_BYTES, 32)
  header.writeUInt16LE(8 * SAMPLE_BYTES, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(Math.min(MAX_SIZE, dataBytes), 40)
  return header
}
