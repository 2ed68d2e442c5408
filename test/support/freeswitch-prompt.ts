import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { formatWav } from '../../adapters/phone/wav-file.ts'

const SAMPLE_RATE_HZ = 8000

/** A tone in a WAV file, to be played as a prompt. @returns its absolute name */
export async function writePrompt(directory: string, { frequencyHz, ms }: { readonly frequencyHz: number; readonly ms: number }): Promise<string> {
  const samples = Int16Array.from({ length: (ms * SAMPLE_RATE_HZ) / 1000 }, (_, index) => Math.round(8000 * Math.sin((2 * Math.PI * frequencyHz * index) / SAMPLE_RATE_HZ)))
  const file = path.join(directory, 'prompt.wav')
  await writeFile(file, formatWav({ sampleRateHz: SAMPLE_RATE_HZ, channels: [samples] }))
  return file
}
