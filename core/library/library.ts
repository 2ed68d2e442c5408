import type { AttachedControl } from '../ports/attached-control.ts'
import type { Recording } from '../domain/recording.ts'
import type { ArchiveLedger, ArchivePlace } from '../ports/archive-ledger.ts'
import type { AuditEvidence } from '../ports/audit-evidence.ts'
import type { AudioEncoder } from '../ports/audio-encoder.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import type { CoverageLedger } from '../ports/coverage-ledger.ts'
import type { CaptureControl } from '../ports/capture-control.ts'
import type { Cipher } from '../ports/cipher.ts'
import type { DestructionLedger } from '../ports/destruction-ledger.ts'
import type { DeskRegister } from '../ports/desk-register.ts'
import type { IdentityProvider } from '../ports/identity-provider.ts'
import type { PeopleStore } from '../ports/people-store.ts'
import type { ExportRegister } from '../ports/export-register.ts'
import type { HoldRegister } from '../ports/hold-register.ts'
import type { KeyCatalogue } from '../ports/key-catalogue.ts'
import type { KeyStanding } from '../ports/key-standing.ts'
import type { PolicyControl } from '../ports/policy-control.ts'
import type { RecordingDestroyer } from '../ports/recording-destroyer.ts'
import type { RecordingChanges } from '../ports/recording-changes.ts'
import type { RecordingLabels } from '../ports/recording-labels.ts'
import type { RecordingRepository } from '../ports/recording-repository.ts'
import type { ReportSource } from '../ports/report-source.ts'
import type { RetentionControl } from '../ports/retention-control.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { SeatHistory } from '../ports/seat-history.ts'
import type { Signer } from '../ports/signer.ts'
import type { SubjectIndex } from '../ports/subject-index.ts'
import type { SignInStore } from '../ports/sign-in-store.ts'
import type { TokenStore } from '../ports/token-store.ts'
import { AssertedPeople, type RoleMapping } from './sign-in/asserted-people.ts'
import { AttachedSettings } from './live/attached-setting.ts'
import { AttachedVisibility } from './policy/attached-visibility.ts'
import { AuditErasure } from './audit/audit-erasure.ts'
import { AuditExport } from './audit/audit-export.ts'
import { AuditProofs } from './audit/audit-proofs.ts'
import { type AuditKeys, DEFAULT_AUDIT_KEYS } from './audit/audit-question.ts'
import { AuditTrail } from './audit/audit-trail.ts'
import { AuditWriter } from './audit/audit-writer.ts'
import { Authentication } from './sign-in/authentication.ts'
import { CoverageReports } from './search/coverage-report.ts'
import { DeskService } from './live/desk-service.ts'
import { Downloads } from './export/downloads.ts'
import { Exports } from './export/exports.ts'
import { ExportWorker } from './export/export-worker.ts'
import { KeyReports } from './keys/key-report.ts'
import { Labelling } from './legal/labelling.ts'
import { LegalHolds } from './legal/legal-holds.ts'
import { Hearing } from './access/hearing.ts'
import { LiveControl } from './live/live-control.ts'
import { LiveFeed } from './live/live-feed.ts'
import { MyCalls } from './live/my-call.ts'
import { OpenFeeds } from './live/open-feeds.ts'
import { Organisations } from './people/organisations.ts'
import { PeopleAdministration } from './people/people.ts'
import { type HashCost, PasswordHashing } from './sign-in/password-hash.ts'
import { Passwords } from './sign-in/passwords.ts'
import { PackageMaker } from './export/package-maker.ts'
import { Playback } from './playback/playback.ts'
import { PolicyBacktests } from './policy/policy-backtest.ts'
import { PolicyReview } from './policy/policy-review.ts'
import { RecordingDeletion } from './legal/recording-deletion.ts'
import { RecordingExplanations } from './policy/recording-explain.ts'
import { Reports } from './search/reports.ts'
import { RetentionReview } from './legal/retention-review.ts'
import { RecordingSearch } from './search/search.ts'
import { SubjectErasure } from './legal/subject-erasure.ts'
import { type SessionLimits, Sessions } from './sign-in/sessions.ts'

/** What packages are made with, and where they lie. */
export interface PackageParts {
  readonly register: ExportRegister
  readonly blobs: BlobStore
  readonly encoder: AudioEncoder
  readonly sealerTo: (recipient: string) => Promise<Pick<Cipher, 'seal'>>
  /** Unique among all workers. */
  readonly owner: string
  /** There is something to be made, or to be destroyed. */
  readonly wake: () => void
}

export interface LibraryParts {
  readonly packages: PackageParts
  readonly repository: RecordingRepository
  readonly audit: AuditLog
  readonly evidence: AuditEvidence
  readonly tokens: TokenStore
  readonly people: PeopleStore
  readonly signIn: SignInParts
  readonly blobs: BlobStore
  readonly cipher: Cipher
  readonly capture: CaptureControl
  readonly attached: AttachedControl
  readonly desks: DeskRegister
  readonly seats: SeatHistory
  /** Desks that every agent may choose: globs of endpoints. */
  readonly freeDesks: readonly string[]
  readonly changes: RecordingChanges
  readonly policy: PolicyControl
  readonly holds: HoldRegister
  readonly keys: { readonly catalogue: KeyCatalogue; readonly standing: KeyStanding }
  readonly destructions: DestructionLedger
  readonly destroyer: RecordingDestroyer
  readonly retention: RetentionControl
  readonly subjects: SubjectIndex
  readonly labels: RecordingLabels
  readonly reports: ReportSource
  /** Where archived recordings lie, and whether they are played. */
  readonly archive?: LibraryArchive
  /** Signs receipts, in this name. */
  readonly signer: Signer
  readonly installation: string
  /** By which keys of the attached data the audit names customers and kinds of conversation. */
  readonly auditKeys?: AuditKeys
  readonly coverage: { readonly ledger: CoverageLedger; readonly toleratedMs: number }
  readonly runtime: Runtime
}

/** Without one: nothing is archived. */
export interface LibraryArchive {
  readonly play: boolean
  readonly ledger: Pick<ArchiveLedger, 'placeOf'> | null
}

const NO_ARCHIVE: LibraryArchive = { play: true, ledger: null }

/** How people come in; what is left out has the default that is safe. */
export interface SignInParts {
  readonly store: SignInStore
  readonly passwords?: 'on' | 'off'
  readonly limits?: SessionLimits
  readonly cost?: HashCost
  /** So long a token that the catalogue knew controls calls while that does not answer; without: not at all. */
  readonly tokensKnownMs?: number
  /** Who vouches for people that have no account here. */
  readonly oidc?: { readonly provider: IdentityProvider; readonly mapping: RoleMapping }
}

/** Everything that a reader of recordings does. */
export interface Library {
  readonly authentication: Authentication
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly search: RecordingSearch
  readonly playback: Playback
  readonly auditTrail: AuditTrail
  readonly auditErasure: AuditErasure
  readonly auditProofs: AuditProofs
  readonly auditExport: AuditExport
  readonly coverage: CoverageReports
  readonly reports: Reports
  readonly liveControl: LiveControl
  readonly liveFeed: LiveFeed
  readonly myCalls: MyCalls
  readonly desks: DeskService
  readonly visibility: AttachedVisibility
  readonly hearing: Hearing
  readonly attachedSettings: AttachedSettings
  readonly policyReview: PolicyReview
  readonly policyBacktests: PolicyBacktests
  readonly explanations: RecordingExplanations
  readonly people: PeopleAdministration
  readonly keys: KeyReports
  readonly legalHolds: LegalHolds
  readonly exports: Exports
  readonly exportWorker: ExportWorker
  readonly downloads: Downloads
  readonly deletion: RecordingDeletion
  readonly subjectErasure: SubjectErasure
  readonly labelling: Labelling
  readonly retention: RetentionReview
  /** Of one recording that its reader may see. `null`: it is not archived. */
  readonly archivePlace: (recording: Recording) => Promise<ArchivePlace | null>
}

/** The services of a reader, tied together. */
export function createLibrary({ repository, audit: log, evidence, tokens, people, signIn, blobs, cipher, capture, attached, desks, seats, freeDesks, changes, coverage, policy, holds, keys, destructions, destroyer, retention, subjects, labels, reports, signer, installation, packages, archive = NO_ARCHIVE, runtime, auditKeys = DEFAULT_AUDIT_KEYS }: LibraryParts): Library {
  const audit = new AuditWriter({ audit: log, runtime })
  const visibility = new AttachedVisibility(() => policy.standing())
  const authentication: Authentication = new Authentication({ tokens, people, audit, runtime, sessionStands: (id) => sessions.stands(id), tokensKnownMs: signIn.tokensKnownMs ?? 0, ...(signIn.oidc === undefined ? {} : { asserted: new AssertedPeople({ ...signIn.oidc, people, audit, runtime }) }) })
  const sessions = new Sessions({ store: signIn.store, authentication, runtime, ...(signIn.limits === undefined ? {} : { limits: signIn.limits }) })
  const organisations = new Organisations(people)
  const hearing = new Hearing(organisations)
  const feeds = new OpenFeeds()
  const auditTrail = new AuditTrail({ log, audit, visibility, keys: auditKeys })
  const auditErasure = new AuditErasure({ log, clock: runtime.clock })
  const auditProofs = new AuditProofs({ evidence, audit, visibility })
  const maker = new PackageMaker({ repository, blobs, cipher, authentication, hearing, visibility, log, proofs: auditProofs, encoder: packages.encoder, sealerTo: packages.sealerTo, signer, installation, playArchived: archive.play, policyVersion: () => policy.standing().policy.version, clock: runtime.clock })
  return {
    authentication,
    sessions,
    passwords: new Passwords({ store: signIn.store, people, authentication, sessions, hashing: new PasswordHashing(signIn.cost), audit, runtime, passwords: signIn.passwords ?? 'on' }),
    search: new RecordingSearch({ repository, audit, visibility }),
    playback: new Playback({ repository, blobs, cipher, authentication, hearing, audit, runtime, playArchived: archive.play }),
    auditProofs,
    auditErasure,
    labelling: new Labelling({ labels, repository, changes, audit, clock: runtime.clock }),
    archivePlace: async ({ id, state }) => state === 'archived' ? await archive.ledger?.placeOf(id) ?? null : null,
    subjectErasure: new SubjectErasure({ index: subjects, repository, destroyer, auditErasure, customerIdKey: auditKeys.customerId, signer, installation, audit, clock: runtime.clock }),
    auditTrail,
    retention: new RetentionReview({ control: retention, repository, holds, audit, clock: runtime.clock }),
    auditExport: new AuditExport({ log, audit, trail: auditTrail, visibility, keys: auditKeys }),
    coverage: new CoverageReports({ ...coverage, audit, clock: runtime.clock }),
    reports: new Reports({ source: reports, audit, clock: runtime.clock }),
    liveControl: new LiveControl({ repository, capture, organisations, audit }),
    liveFeed: new LiveFeed({ changes, repository, authentication, feeds }),
    myCalls: new MyCalls({ capture, desks, authentication, feeds }),
    desks: new DeskService({ register: desks, history: seats, audit, free: freeDesks }),
    visibility,
    hearing,
    attachedSettings: new AttachedSettings({ capture, attached, repository, policy, organisations, audit }),
    people: new PeopleAdministration({ people, audit, clock: runtime.clock }),
    policyReview: new PolicyReview({ control: policy, repository, audit }),
    policyBacktests: new PolicyBacktests({ repository, control: policy, visibility, audit, clock: runtime.clock }),
    explanations: new RecordingExplanations({ repository, control: policy, visibility, audit }),
    keys: new KeyReports({ ...keys, audit, clock: runtime.clock }),
    ...packaging({ packages, maker, cipher, repository, authentication, visibility, log, audit, runtime }),
    legalHolds: new LegalHolds({ holds, repository, visibility, audit, clock: runtime.clock }),
    deletion: new RecordingDeletion({ destroyer, ledger: destructions, repository, audit }),
  }
}

interface PackagingParts {
  readonly packages: PackageParts
  readonly maker: PackageMaker
  readonly cipher: Cipher
  readonly repository: RecordingRepository
  readonly authentication: Authentication
  readonly visibility: AttachedVisibility
  readonly log: AuditLog
  readonly audit: AuditWriter
  readonly runtime: Runtime
}

/** What takes recordings out. */
function packaging({ packages: { encoder, ...packages }, maker, log, ...parts }: PackagingParts): Pick<Library, 'exports' | 'exportWorker' | 'downloads'> {
  return {
    exports: new Exports({ ...parts, ...packages, maker }),
    exportWorker: new ExportWorker({ ...packages, maker, cipher: parts.cipher, audit: log, runtime: parts.runtime }),
    downloads: new Downloads({ maker, encoder, authentication: parts.authentication, audit: parts.audit, clock: parts.runtime.clock }),
  }
}
