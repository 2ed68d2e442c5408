import type { CodegenConfig } from '@graphql-codegen/cli'
import { enumResolvers } from './enums.ts'

const DOMAIN = '../../core/domain'
const LIBRARY = '../../core/library'
const PORTS = '../../core/ports'

/** What a resolver gets as its parent: the domain's own types. */
const mappers = {
  Announcement: `${DOMAIN}/call.ts#Announcement as AnnouncementModel`,
  AttachedDataChange: `${DOMAIN}/attached-data.ts#AttachedChange as AttachedChangeModel`,
  AttachedKey: `${DOMAIN}/rules/attached-schema.ts#AttachedKey as AttachedKeyModel`,
  AuditCheckpoint: `${DOMAIN}/audit/checkpoint.ts#SignedCheckpoint as AuditCheckpointModel`,
  AuditEntry: `${LIBRARY}/audit-trail.ts#PlacedAuditEntry as AuditEntryModel`,
  AuditEntryConnection: `../connection.ts#Connection as ConnectionModel<AuditEntryModel>`,
  AuditEntryEdge: `../connection.ts#Edge as EdgeModel<AuditEntryModel>`,
  CoverageGap: `${DOMAIN}/coverage.ts#CoverageGap as CoverageGapModel`,
  CoverageLeg: `${PORTS}/coverage-ledger.ts#CoveredLeg as CoveredLegModel`,
  CoverageReport: `${LIBRARY}/coverage-report.ts#CoverageReport as CoverageReportModel`,
  DeskSeat: `${DOMAIN}/seat.ts#Stay as StayModel`,
  Decision: `${DOMAIN}/rules/decision.ts#Decision as DecisionModel`,
  DecisionInput: `${DOMAIN}/rules/decision-input.ts#DecisionInput as DecisionInputModel`,
  HeldSearch: `${PORTS}/hold-register.ts#HeldSearch as HeldSearchModel`,
  Hold: `${PORTS}/hold-register.ts#Hold as HoldModel`,
  HoldConnection: `../connection.ts#Connection as ConnectionModel<HoldModel>`,
  HoldEdge: `../connection.ts#Edge as EdgeModel<HoldModel>`,
  HoldRecordingConnection: `../connection.ts#Connection as ConnectionModel<RecordingModel>`,
  Interaction: `${LIBRARY}/search.ts#FoundInteraction as InteractionModel`,
  KeyCheck: `${DOMAIN}/key-check.ts#KeyCheck as KeyCheckModel`,
  KeyRecipient: `${LIBRARY}/key-report.ts#RecipientReport as RecipientReportModel`,
  KeyRecipientSet: `${PORTS}/key-catalogue.ts#RecipientSet as RecipientSetModel`,
  KeyReport: `${LIBRARY}/key-report.ts#KeyReport as KeyReportModel`,
  MyCurrentRecording: `${LIBRARY}/my-call.ts#MyCall as MyCallModel`,
  MyRecording: `${LIBRARY}/my-call.ts#MyRecording as MyRecordingModel`,
  MediaObject: `${DOMAIN}/media.ts#MediaObject as MediaObjectModel`,
  Party: `${DOMAIN}/recording.ts#Party as PartyModel`,
  Pause: `${DOMAIN}/recording.ts#Pause as PauseModel`,
  PlaybackTicket: `${LIBRARY}/playback.ts#PlaybackGrant as PlaybackGrantModel`,
  Policy: `${PORTS}/policy-control.ts#PolicyStanding as PolicyStandingModel`,
  PolicyBacktest: `${LIBRARY}/policy-backtest.ts#BacktestAnswer as BacktestAnswerModel`,
  PolicyBacktestReport: `${LIBRARY}/policy-history.ts#HistoryReport as HistoryReportModel`,
  PolicyCheck: `${PORTS}/policy-control.ts#PolicyReading as PolicyReadingModel`,
  PolicyProblem: `${PORTS}/policy-control.ts#PolicyProblem as PolicyProblemModel`,
  PolicyVersion: `${LIBRARY}/policy-review.ts#PolicyVersion as PolicyVersionModel`,
  PolicyVersionConnection: `../connection.ts#Connection as ConnectionModel<PolicyVersionModel>`,
  PolicyVersionEdge: `../connection.ts#Edge as EdgeModel<PolicyVersionModel>`,
  QualityFinding: `${DOMAIN}/media.ts#QualityFinding as QualityFindingModel`,
  Recording: `${DOMAIN}/recording.ts#Recording as RecordingModel`,
  RecordingConnection: `../connection.ts#RecordingConnection as RecordingConnectionModel`,
  RecordingControlResult: `${LIBRARY}/live-control.ts#ControlledRecording as ControlledRecordingModel`,
  RecordingExplanation: `${LIBRARY}/recording-explain.ts#RecordingExplanation as RecordingExplanationModel`,
  RecordingEdge: `../connection.ts#Edge as EdgeModel<RecordingModel>`,
  Segment: `${DOMAIN}/recording.ts#Segment as SegmentModel`,
  SubjectErasurePlan: `${LIBRARY}/subject-erasure.ts#ErasurePlan as ErasurePlanModel`,
  SubjectRecording: `${LIBRARY}/subject-erasure.ts#SubjectRecording as SubjectRecordingModel`,
  Transfer: `${DOMAIN}/transfer.ts#Transfer as TransferModel`,
  TransferLeg: `${DOMAIN}/transfer.ts#TransferLeg as TransferLegModel`,
  UnobservedWindow: `${DOMAIN}/coverage.ts#UnobservedWindow as UnobservedWindowModel`,
  OrganisationRestamp: `${PORTS}/people-store.ts#Restamp as RestampModel`,
  Unit: `../people-payload.ts#UnitModel`,
  UnitConnection: `../connection.ts#Connection as ConnectionModel<UnitModel>`,
  UnitEdge: `../connection.ts#Edge as EdgeModel<UnitModel>`,
  UnitMember: `${DOMAIN}/organisation.ts#Membership as MembershipModel`,
  UnitMemberConnection: `../connection.ts#Connection as ConnectionModel<MembershipModel>`,
  UnitMemberEdge: `../connection.ts#Edge as EdgeModel<MembershipModel>`,
  UnitPlace: `${DOMAIN}/organisation.ts#UnitPlace as UnitPlaceModel`,
  User: `${DOMAIN}/person.ts#User as UserModel`,
  UserConnection: `../connection.ts#Connection as ConnectionModel<UserModel>`,
  UserEdge: `../connection.ts#Edge as EdgeModel<UserModel>`,
  UserRole: `${DOMAIN}/actor.ts#RoleDefinition as RoleDefinitionModel`,
  UserError: `../user-errors.ts#UserErrorModel`,
  Viewer: `${DOMAIN}/actor.ts#Requester as RequesterModel`,
  // An enum whose values are mapped is lost to resolvers unless its generated type is named again.
  ...Object.fromEntries(Object.keys(enumResolvers).map((name) => [name, name])),
}

const config: CodegenConfig = {
  schema: 'graphql/schema/*.graphql',
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    'graphql/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        contextType: '../context.ts#Context',
        defaultScalarType: 'unknown',
        scalars: { ID: 'string', DateTime: 'Date', SafeInt: 'number' },
        // Resolvers see the domain's own words.
        enumValues: enumResolvers,
        mappers,
      },
    },
    'docs/schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true } },
  },
}
export default config
