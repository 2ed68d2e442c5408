import { readFile } from 'node:fs/promises'
import { parseWav, type WavAudio } from '../../../adapters/phone/wav-file.ts'

/** A WAV file that a PBX wrote, complete or cut off: sizes of 0 in its header mean "to the end of the file". */
export async function readWav(file: string): Promise<WavAudio> {
  return parseWav(await readFile(file))
}

/** The samples of a file that must have one channel. */
export async function readMonoWav(file: string): Promise<Int16Array> {
  const { channels } = await readWav(file)
  const [samples] = channels
  if (samples === undefined || channels.length !== 1) throw new Error(`${file} has ${channels.length} channels, not 1`)
  return samples
}
