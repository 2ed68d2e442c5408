import type { AuditLog } from '../ports/audit-log.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import type { CaptureControl } from '../ports/capture-control.ts'
import type { Cipher } from '../ports/cipher.ts'
import type { RecordingChanges } from '../ports/recording-changes.ts'
import type { RecordingRepository } from '../ports/recording-repository.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { TokenStore } from '../ports/token-store.ts'
import { AttachedVisibility, type RulesInForce } from './attached-visibility.ts'
import { AuditTrail } from './audit-trail.ts'
import { AuditWriter } from './audit-writer.ts'
import { Authentication } from './authentication.ts'
import { LiveControl } from './live-control.ts'
import { LiveFeed } from './live-feed.ts'
import { Playback } from './playback.ts'
import { RecordingSearch } from './search.ts'

export interface LibraryParts {
  readonly repository: RecordingRepository
  readonly audit: AuditLog
  readonly tokens: TokenStore
  readonly blobs: BlobStore
  readonly cipher: Cipher
  readonly capture: CaptureControl
  readonly changes: RecordingChanges
  /** Those in force now. */
  readonly rules: () => RulesInForce
  readonly runtime: Runtime
}

/** Everything that a reader of recordings does. */
export interface Library {
  readonly authentication: Authentication
  readonly search: RecordingSearch
  readonly playback: Playback
  readonly auditTrail: AuditTrail
  readonly liveControl: LiveControl
  readonly liveFeed: LiveFeed
  readonly visibility: AttachedVisibility
}

/** The services of a reader, tied together. */
export function createLibrary({ repository, audit: log, tokens, blobs, cipher, capture, changes, rules, runtime }: LibraryParts): Library {
  const audit = new AuditWriter({ audit: log, runtime })
  const visibility = new AttachedVisibility(rules)
  const authentication = new Authentication({ tokens, audit, runtime })
  return {
    authentication,
    search: new RecordingSearch({ repository, audit, visibility }),
    playback: new Playback({ repository, blobs, cipher, authentication, audit, runtime }),
    auditTrail: new AuditTrail({ log, audit }),
    liveControl: new LiveControl({ repository, capture, audit }),
    liveFeed: new LiveFeed({ changes, repository, authentication }),
    visibility,
  }
}
