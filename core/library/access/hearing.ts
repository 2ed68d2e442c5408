import { createHash } from 'node:crypto'
import type { Requester } from '../../domain/actor.ts'
import { type PlayedFile, wavOf } from '../../domain/flac/played-file.ts'
import type { MediaObject } from '../../domain/media.ts'
import { unitsOfAgents } from '../../domain/organisation.ts'
import { SAMPLE_LAYOUTS, silentBytes, silentForOthers, silentPeaks } from '../../domain/own-parts.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Span } from '../../domain/spans.ts'
import { onTimeLine } from '../../domain/time-line.ts'
import { reaches } from './access.ts'
import type { Organisations } from '../people/organisations.ts'

const VERSION_LENGTH = 16

/** What somebody hears of one recording. */
export interface Heard {
  /** The file that she is sent. */
  readonly file: PlayedFile
  /** Bytes of that file that are silence for her; none: she hears all of it. */
  readonly silent: readonly Span[]
  readonly silence: number
  /** Tells two ways of hearing the same sound apart: empty for the whole. */
  readonly version: string
}

/** Which parts of a recording somebody hears whose role is about the parts of her own agents alone. */
export class Hearing {
  readonly #organisations: Organisations

  constructor(organisations: Organisations) {
    this.#organisations = organisations
  }

  /**
   * What a reader of the sound hears: the file as it is stored, or a WAV with silence in it. Whoever hands sound out in any other way (a package, a mix) asks here, too, and refuses
   * what is not whole.
   * @throws HoldfastError `STORE_FAILED` (retry)
   */
  async of(requester: Requester, recording: Recording, media: MediaObject): Promise<Heard> {
    const spans = await this.#silentSpans(requester, recording, media)
    if (spans.length === 0) return { file: media, silent: [], silence: 0, version: '' }
    const file = wavOf(media)
    const layout = SAMPLE_LAYOUTS[file.format]
    const silent = silentBytes(spans, { ...media, sizeBytes: file.sizeBytes }, layout)
    return { file, silent, silence: layout.silence, version: createHash('sha256').update(JSON.stringify(silent)).digest('hex').slice(0, VERSION_LENGTH) }
  }

  /** The same for what is shown of the sound. @throws HoldfastError `STORE_FAILED` (retry) */
  async shown(requester: Requester, recording: Recording): Promise<MediaObject | null> {
    const { media } = recording
    const spans = media === null ? [] : await this.#silentSpans(requester, recording, media)
    return media === null || spans.length === 0 ? media : { ...media, peaks: silentPeaks(media, spans) }
  }

  async #silentSpans(requester: Requester, recording: Recording, media: MediaObject): Promise<readonly Span[]> {
    const isOwn = await this.#ownAgents(requester, recording)
    return isOwn === 'all' ? [] : silentForOthers(recording, media, isOwn)
  }

  /** Whose voices she may hear. A partition reaches a recording as a whole, whoever speaks in it; who reaches everything leads nobody. */
  async #ownAgents({ role, reach, units, binding }: Requester, recording: Recording): Promise<'all' | ((agent: string) => boolean)> {
    if (role.hears === 'whole') return 'all'
    if (role.reach === 'own') return (agent) => agent.normalize('NFC') === binding?.agent?.normalize('NFC')
    if (reach === 'all' || reaches({ type: 'named', partitions: reach, units: [] }, recording)) return 'all'
    const organisation = await this.#organisations.now()
    const at = onTimeLine(recording, recording.startedAt)
    return (agent) => unitsOfAgents(organisation, [agent], at).some((unit) => units.includes(unit))
  }
}

/** The chunks with silence where it is due. @param start - the place of the first byte in the file */
export async function* silenced(chunks: AsyncIterable<Uint8Array>, start: number, { silent, silence }: Pick<Heard, 'silent' | 'silence'>): AsyncGenerator<Uint8Array, void> {
  let at = start
  for await (const chunk of chunks) {
    const here = silent.map(({ from, to }) => [Math.max(0, from - at), Math.min(chunk.length, to - at)] as const).filter(([from, to]) => from < to)
    // What was read may be somebody else's, too: it is never written over.
    const sent = here.length === 0 ? chunk : Uint8Array.from(chunk)
    for (const [from, to] of here) sent.fill(silence, from, to)
    at += chunk.length
    yield sent
  }
}
