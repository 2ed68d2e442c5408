import { createHash } from 'node:crypto'
import { payloadNameOf } from '../domain/blob-names.ts'
import type { SegmentSound } from '../domain/coverage.ts'
import { HoldfastError } from '../domain/errors.ts'
import { FIRST_HEADER_VERSION, headerBlobName } from '../domain/header-blob.ts'
import type { MediaFormat, QualityFinding, WantedFormat } from '../domain/media.ts'
import type { Recording } from '../domain/recording.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import type { Cipher } from '../ports/cipher.ts'
import type { StoredMedia } from '../ports/recording-repository.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { chooseFormat } from './choose-format.ts'
import { msOf } from './frames.ts'
import { flacCoder, FlacMeasure } from './flac-coder.ts'
import { type SoundCoder, wavCoder } from './sound-coder.ts'
import { CHANNELS } from './sound-encoding.ts'
import type { ChannelSound } from './sound-meter.ts'
import { Stitcher, type StitchReport } from './stitch.ts'
import type { StitchPlan } from './stitch-plan.ts'
import { unheardParties } from './unheard-parties.ts'
import { CHANNEL_OF_LANE } from './verify.ts'

export interface Sealing {
  readonly recording: Pick<Recording, 'id' | 'parties' | 'segments' | 'endedAt'>
  /** From 1; every attempt has names of its own. */
  readonly attempt: number
  readonly plan: StitchPlan
  readonly wanted: WantedFormat
  readonly findings: readonly QualityFinding[]
  readonly source: RecordingSource
  readonly blobs: BlobStore
  /** What a blob is called where this PBX's media lies. */
  readonly placed: (name: string) => string
  readonly cipher: Pick<Cipher, 'seal'>
  readonly now: Date
  readonly signal: AbortSignal
}

/** A channel whose loudest sample is below this has no voice: -60 dB of full scale. G.711 A-law's own silence is 8. */
const SILENT_BELOW = 33

/**
 * One stream from the spool files to the sealed object, read back and compared. Plaintext is nowhere but in memory, a block at a time.
 * Names tell the attempt: a worker that was believed dead and wakes up must not write over what its successor has catalogued.
 */
export async function sealAndStore(sealing: Sealing): Promise<StoredMedia> {
  const { recording, attempt, plan, wanted, source, blobs, placed, cipher, now, signal } = sealing
  const recordingId = recording.id
  await removeAttempts(sealing)
  const format = await chooseFormat(wanted, { plan, source, signal })
  const stitcher = new Stitcher({ source, plan, coder: await coderOf(format, sealing), signal })
  const sealed = await cipher.seal(stitcher.bytes())
  const payloadName = placed(payloadNameOf(recordingId, attempt))
  const headerName = headerBlobName(payloadName, FIRST_HEADER_VERSION)
  const payload = await blobs.put(payloadName, sealed.payload)
  const header = await blobs.put(headerName, once(sealed.header))
  await readBack(blobs, payloadName, payload)
  await readBack(blobs, headerName, header)
  const report = stitcher.report()
  return {
    media: {
      format,
      channels: CHANNELS,
      sampleRateHz: plan.sampleRateHz,
      beganAt: plan.beganAt,
      durationMs: msOf(plan.totalFrames, plan.sampleRateHz),
      sizeBytes: report.sizeBytes,
      sha256: report.sha256,
      payloadName,
      payloadSizeBytes: payload.sizeBytes,
      payloadSha256: payload.sha256,
      headerVersion: FIRST_HEADER_VERSION,
      peaks: [report.received.peaks, report.transmitted.peaks],
      peakStretchMs: report.stretchMs,
      storedAt: now,
    },
    header: sealed.header,
    recipients: sealed.recipients,
    findings: [...sealing.findings, ...soundFindings(report, now), ...unheardParties({ recording, plan, heard: report.lanesHeard, at: now })],
    sounds: soundsOf(plan),
  }
}

/** What makes the file: of FLAC after a pass over the same sound, that tells what its head says. */
async function coderOf(format: MediaFormat, { plan, source, signal }: Pick<Sealing, 'plan' | 'source' | 'signal'>): Promise<SoundCoder> {
  if (format !== 'flac') return wavCoder(format, { sampleRateHz: plan.sampleRateHz, frames: plan.totalFrames })
  const measure = new FlacMeasure(plan.sampleRateHz)
  await new Stitcher({ source, plan, coder: measure, signal }).pass()
  return flacCoder(measure.head())
}

/** Which time of the call the object holds, by the segments that were stitched into it: of two lanes that differ, as far as both go. */
function soundsOf({ sampleRateHz, beganAt, segments }: StitchPlan): readonly SegmentSound[] {
  return segments.map(({ index, at, frames, received, transmitted }) => ({
    segmentIndex: index,
    beganAt: new Date(beganAt.getTime() + msOf(at, sampleRateHz)),
    durationMs: msOf(Math.min(frames, received?.frames ?? frames, transmitted?.frames ?? frames), sampleRateHz),
    lanes: received === null || transmitted === null ? 'one' : 'both',
  }))
}

/** Blobs of attempts that came to nothing, whose keys are lost. */
async function removeAttempts({ recording: { id }, blobs, placed, attempt: before }: Sealing): Promise<void> {
  for (let attempt = 1; attempt < before; attempt += 1) {
    const payloadName = placed(payloadNameOf(id, attempt))
    await blobs.remove(headerBlobName(payloadName, FIRST_HEADER_VERSION))
    await blobs.remove(payloadName)
  }
}

/** What a store took is not what it keeps until it was read. */
async function readBack(blobs: BlobStore, name: string, put: { readonly sizeBytes: number; readonly sha256: string }): Promise<void> {
  const blob = await blobs.open(name)
  const hash = createHash('sha256')
  if (blob !== null) for await (const piece of blob.read(0, blob.sizeBytes)) hash.update(piece)
  if (blob?.sizeBytes !== put.sizeBytes || hash.digest('hex') !== put.sha256) {
    throw new HoldfastError('STORE_FAILED', 'the object store does not give back what it took', { sizeBytes: put.sizeBytes })
  }
}

function soundFindings(report: StitchReport, at: Date): readonly QualityFinding[] {
  return [
    ...silentChannel(report.received, CHANNEL_OF_LANE.received, at),
    ...silentChannel(report.transmitted, CHANNEL_OF_LANE.transmitted, at),
    ...[...report.soundInPauses].map(([segmentIndex, ms]): QualityFinding => ({ code: 'pause-not-silent', segmentIndex, details: { milliseconds: Math.ceil(ms) }, at })),
  ]
}

function silentChannel({ loudest }: ChannelSound, channel: number, at: Date): readonly QualityFinding[] {
  return loudest < SILENT_BELOW ? [{ code: 'channel-silent', segmentIndex: null, details: { channel, loudestSample: loudest }, at }] : []
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
