import type { MediaFormat, WantedFormat } from '../domain/media.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { codeTable, G711_LAWS, type G711Law, NO_CODE } from './g711.ts'
import { readLanes } from './lane-reader.ts'
import type { StitchPlan } from './stitch-plan.ts'

/** The rate of G.711: at any other the samples were made of others. Source: ITU-T G.711 §1 */
const G711_RATE_HZ = 8000

/**
 * The format of a recording. G.711 is taken only where it loses nothing: every sample of both lanes is looked at before, in a pass of its own, for
 * in the one that seals it would be too late. PCM otherwise.
 * @throws HoldfastError `SPOOL_FILE_INCOMPLETE` when a file has not the length that it had when it was verified
 */
export async function chooseFormat(wanted: WantedFormat, { plan, source, signal }: { readonly plan: StitchPlan; readonly source: RecordingSource; readonly signal: AbortSignal }): Promise<MediaFormat> {
  // Of no sample at all FLAC would say that it does not know how many there are.
  if (wanted === 'flac') return plan.totalFrames === 0 ? 'wav-pcm16' : 'flac'
  if (wanted === 'wav' || plan.sampleRateHz !== G711_RATE_HZ) return 'wav-pcm16'
  // µ-law is first: where there is nothing but silence both would do, and it has a zero.
  let laws: readonly G711Law[] = G711_LAWS
  for (const segment of plan.segments) {
    for await (const { received, transmitted } of readLanes(source, segment, signal)) {
      laws = laws.filter((law) => isOf(law, received) && isOf(law, transmitted))
      if (laws.length === 0) return 'wav-pcm16'
    }
  }
  const [law] = laws
  return law === undefined ? 'wav-pcm16' : `wav-${law}`
}

function isOf(law: G711Law, samples: Int16Array): boolean {
  const codes = codeTable(law)
  return samples.every((sample) => codes[sample & 0xffff] !== NO_CODE)
}
