import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A run of samples of this length is not in another file by chance. */
const NEEDLE_BYTES = 64
/** Taken all over a file, because a copy may be of any part of it. */
const NEEDLES_PER_LANE = 12
/** Zeros, or a stretch of companded near-silence, are no proof of anything. */
const LEAST_DISTINCT_BYTES = 24
const WAV_HEADER_BYTES = 44
const SAMPLE_BYTES = 2

/** Runs of a call's sound, as they would lie in a copy of one spool file, and in one of the stitched file. */
export function needlesOf(received: Buffer, transmitted: Buffer): readonly Buffer[] {
  const lanes = [received, transmitted].map((file) => file.subarray(WAV_HEADER_BYTES))
  return [...lanes, interleaved(lanes)].flatMap(runsOf)
}

/** Every file below a folder, but not below the folders left out, that holds any of the needles. */
export async function filesWithSound(folder: string, needles: readonly Buffer[], without: readonly string[] = []): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || without.some((left) => path.startsWith(`${left}/`))) continue
    const bytes = await readFile(path)
    if (needles.some((needle) => bytes.includes(needle))) found.push(path)
  }
  return found
}

function runsOf(bytes: Buffer): readonly Buffer[] {
  const step = Math.max(NEEDLE_BYTES, Math.floor(bytes.length / NEEDLES_PER_LANE / SAMPLE_BYTES) * SAMPLE_BYTES)
  const runs: Buffer[] = []
  for (let at = 0; at + NEEDLE_BYTES <= bytes.length; at += step) runs.push(bytes.subarray(at, at + NEEDLE_BYTES))
  return runs.filter((run) => new Set(run).size >= LEAST_DISTINCT_BYTES)
}

function interleaved([received, transmitted]: readonly Buffer[]): Buffer {
  if (received === undefined || transmitted === undefined) throw new Error('two lanes')
  const frames = Math.min(received.length, transmitted.length) / SAMPLE_BYTES
  const both = Buffer.alloc(frames * 2 * SAMPLE_BYTES)
  for (let frame = 0; frame < frames; frame += 1) {
    received.copy(both, frame * 2 * SAMPLE_BYTES, frame * SAMPLE_BYTES, (frame + 1) * SAMPLE_BYTES)
    transmitted.copy(both, (frame * 2 + 1) * SAMPLE_BYTES, frame * SAMPLE_BYTES, (frame + 1) * SAMPLE_BYTES)
  }
  return both
}
