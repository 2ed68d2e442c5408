import type { AttachedData } from '../../core/domain/attached-data.ts'
import { storeOfName } from '../../core/domain/blob-place.ts'
import { parseRecordingId } from '../../core/domain/ids.ts'
import { onTimeLine } from '../../core/domain/time-line.ts'
import { withReason } from '../../core/library/access/given-reason.ts'
import { waveform } from '../../core/library/playback/waveform.ts'
import type { FeedNews } from '../../core/library/live/live-feed.ts'
import { connection, placeAfter } from '../connection.ts'
import { type Context, renewContext } from '../context.ts'
import { controlTargetOf, optional, recordingFilterOf } from '../inputs.ts'
import type { KeyValue, Resolvers } from '../generated/resolvers.ts'
import { interactionIdOf, nodeId, recordingIdOf } from '../node-id.ts'
import { asPayload } from '../user-errors.ts'
import { controlErrorOf, controlPayload } from '../control-payload.ts'

export const recordingResolvers: Resolvers = {
  Query: {
    recordings: async (_parent, { filter: input, first, after }, { library, requester }) => {
      const filter = recordingFilterOf(input)
      const page = await library.search.search(requester, filter, { first, before: optional(placeAfter(after), parseRecordingId) })
      return { ...connection(page.recordings, page.hasMore, ({ id }) => id), filter }
    },
    recording: (_parent, { id }, { library, requester }) => library.search.recording(requester, recordingIdOf(id)),
    activeRecordings: (_parent, { first }, { library, requester }) => library.search.live(requester, first),
  },
  Mutation: {
    recordingPause: (_parent, { input }, { library, requester }) =>
      controlPayload(() => library.liveControl.control(requester, 'pause', controlTargetOf(input))),
    recordingResume: (_parent, { input }, { library, requester }) =>
      controlPayload(() => library.liveControl.control(requester, 'resume', controlTargetOf(input))),
    recordingRequestPlayback: (_parent, { input }, { library, requester }) => asPayload(async () => {
      const playback = await library.playback.request(withReason(requester, input.reason), recordingIdOf(input.recordingId))
      return { playback, recording: playback.recording }
    }, { playback: null, recording: null }),
  },
  Subscription: {
    recordingChanged: {
      subscribe: (_parent, { recordingId, interactionId }, { library, requester, signal }) =>
        library.liveFeed.watch(requester, { recordingId: optional(recordingId, recordingIdOf), interactionId: optional(interactionId, interactionIdOf) }, signal),
      resolve: ({ recording, requester }: FeedNews, _args: unknown, context: Context) => {
        renewContext(context, requester)
        return recording
      },
    },
  },
  Recording: {
    id: ({ id }) => nodeId('Recording', id),
    plainId: ({ id }) => id,
    pbx: ({ pbxId }) => pbxId,
    attachedData: ({ attached }, _args, { library, requester }) => keyValues(library.visibility.data(requester, attached)),
    attachedDataChanges: ({ attachedChanges }, _args, { library, requester }) => library.visibility.changes(requester, attachedChanges),
    media: (recording, _args, { library, requester }) => library.hearing.shown(requester, recording),
    archive: (recording, _args, { library }) => library.archivePlace(recording),
    timelineStartedAt: (recording) => onTimeLine(recording, recording.startedAt),
    interaction: ({ interactionId }, _args, { interaction }) => interaction(interactionId),
  },
  RecordingConnection: {
    totalCount: ({ filter }, _args, { library, requester }) => library.search.count(requester, filter),
  },
  Decision: {
    pauseAllowed: ({ pause }) => pause === 'allowed',
    wantedFormat: ({ terms }) => terms.mediaFormat,
  },
  DecisionInput: {
    attachedData: ({ attached }, _args, { library, requester }) => keyValues(library.visibility.data(requester, attached)),
  },
  MediaObject: {
    store: ({ payloadName }) => storeOfName(payloadName),
    waveform: (media, { maxPoints }) => waveform(media, maxPoints),
  },
  QualityFinding: {
    details: ({ details }) => Object.entries(details).map(([name, value]) => ({ name, value })),
  },
  RecordingControlResult: {
    outcome: ({ result }) => result.outcome,
    effectiveAt: ({ result }) => 'effectiveAt' in result ? result.effectiveAt : null,
    error: ({ result }) => result.outcome === 'failed' ? controlErrorOf(result) : null,
  },
  PlaybackTicket: {
    path: ({ ticket }) => `/media/${ticket}`,
  },
}

function keyValues(data: AttachedData): readonly KeyValue[] {
  return Object.entries(data).map(([key, value]) => ({ key, value }))
}
