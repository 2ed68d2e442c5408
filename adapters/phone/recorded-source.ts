import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { samplesSource, type AudioSource } from './audio-source.ts'
import { SAMPLE_RATE_HZ } from './g711.ts'
import { resample } from './resample.ts'
import { parseWav, type WavAudio } from './wav-file.ts'

/** The first channel of a WAV file, whatever its sampling rate. @throws HoldfastError `SPOOL_FILE_BROKEN` */
export async function wavSource(file: string): Promise<AudioSource> {
  return telephoneSource(parseWav(await readFile(file)))
}

export type Speech = {
  readonly text: string
  /** A voice of espeak-ng, such as `en-us+f3`. */
  readonly voice?: string
}

/** A sentence is spoken into memory in a fraction of a second. */
const SPEECH_DEADLINE_MS = 20_000
/** Ten minutes of speech at the 22050 Hz that espeak-ng makes. */
const MAX_SPEECH_BYTES = 600 * 2 * 22_050

/** A spoken sentence, or null on a machine without espeak-ng. Source: espeak-ng(1) */
export async function speechSource({ text, voice = 'en' }: Speech): Promise<AudioSource | null> {
  const wav = await new Promise<Buffer | null>((resolve) => {
    // The sentence goes to standard input: it is never taken for an option.
    const child = execFile(
      'espeak-ng',
      ['--stdin', '--stdout', '-v', voice],
      { encoding: 'buffer', timeout: SPEECH_DEADLINE_MS, maxBuffer: MAX_SPEECH_BYTES },
      (error, stdout) => resolve(error === null ? stdout : null),
    )
    child.stdin?.on('error', () => undefined).end(text)
  })
  return wav === null ? null : telephoneSource(parseWav(wav))
}

function telephoneSource(audio: WavAudio): AudioSource {
  return samplesSource(resample(audio.channels[0] ?? new Int16Array(), audio.sampleRateHz, SAMPLE_RATE_HZ))
}
