import type { NodeName, PbxId } from '../core/domain/ids.ts'
import type { WantedFormat } from '../core/domain/media.ts'
import type { AttachedSchema } from '../core/domain/rules/attached-schema.ts'
import type { PauseMeans } from '../core/domain/rules/pause-terms.ts'
import type { Policy } from '../core/domain/rules/policy.ts'
import type { KeysSettings } from './keys-settings.ts'
import type { ArchiveSettings } from './archive-settings.ts'
import type { AuditSettings } from './audit-settings.ts'
import type { CatalogueSettings } from './catalogue-settings.ts'
import type { RetentionSettings } from './retention-settings.ts'
import type { Problem } from './problem.ts'
import type { SignInSettings } from './sign-in-settings.ts'
import type { NamedStoreSettings, StoreSettings } from './store-settings.ts'

/** TLS of a link that we open; `null`: those of the system, the host's own name. */
export interface LinkTls {
  readonly caFile: string | null
  readonly serverName: string | null
}

export interface AmiSettings {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly secret: string
  readonly tls: LinkTls | null
}

export interface AriSettings {
  /** Scheme, host and port. */
  readonly url: string
  readonly username: string
  readonly password: string
  readonly caFile: string | null
}

/** No TLS: the event socket knows none. */
export interface EslSettings {
  readonly host: string
  readonly port: number
  readonly password: string
}

export interface DirectorySpool {
  readonly type: 'directory'
  readonly path: string
}
export type SpoolSettings = DirectorySpool | { readonly type: 'ari' }

interface CommonPbxSettings {
  readonly id: PbxId
  readonly site: string | null
  /** The store of its sealed recordings; `null`: the installation's own. */
  readonly store: string | null
  /** The spool's folder as the PBX sees it. */
  readonly recordingDirectory: string
  readonly spoolFormat: 'wav' | 'wav16'
  readonly mediaFormat: WantedFormat
  /** Globs of endpoints that lead outside; `null`: not told. */
  readonly trunks: readonly string[] | null
  /** Globs of endpoints behind which PBXs of ours are; `null`: not told. */
  readonly trustedTrunks: readonly string[] | null
}

export interface AsteriskSettings extends CommonPbxSettings {
  readonly type: 'asterisk'
  readonly ami: AmiSettings
  readonly ari: AriSettings | null
  readonly spool: SpoolSettings
  readonly transferFault: 'auto' | 'segment' | 'ignore'
}

export interface FreeSwitchSettings extends CommonPbxSettings {
  readonly type: 'freeswitch'
  readonly esl: EslSettings
  readonly spool: DirectorySpool
}

export type PbxSettings = AsteriskSettings | FreeSwitchSettings

export interface HttpSettings {
  readonly host: string
  readonly port: number
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  /** Whose pages may use the API from a browser. */
  readonly corsOrigins: readonly string[]
  readonly graphiql: boolean
  readonly introspection: boolean
  readonly publicOrigin: string | null
  readonly operationsFile: string | null
  readonly requestBurst: number
  readonly requestsPerMinute: number
  readonly publicMetrics: boolean
}

/** Other capture nodes, and where they reach this one. */
export interface NodesSettings {
  readonly host: string
  readonly port: number
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  readonly secret: string
  readonly peers: readonly {
    readonly name: NodeName
    /** Scheme, host and port. */
    readonly url: string
    readonly pbxs: readonly PbxId[]
    readonly caFile: string | null
  }[]
}

/** Settings as the program uses them: checked, defaults filled in, secrets read, every path absolute. */
export interface Settings {
  readonly node: { readonly name: NodeName; readonly number: number }
  readonly dataDirectory: string
  readonly pbxs: readonly PbxSettings[]
  /** `null`: the dialplan alone decides. */
  readonly policyFile: string | null
  /** What is in the policy file, as it was when the settings were read. */
  readonly policy: Policy
  /** As it was read; `null` without a policy file. */
  readonly policyText: string | null
  /** What is wrong with the policy file: then an older one is in force. Only of {@link loadServiceSettings} and {@link loadSettingsDespitePolicy}. */
  readonly policyProblems: readonly Problem[]
  readonly attached: AttachedSchema
  readonly catalogue: CatalogueSettings
  readonly objects: StoreSettings
  /** More places for sealed recordings. */
  readonly stores: readonly NamedStoreSettings[]
  /** `null`: nothing is archived. */
  readonly archive: ArchiveSettings | null
  readonly keys: KeysSettings
  readonly http: HttpSettings
  readonly signIn: SignInSettings
  /** Telephones at which every agent may sign in: globs of endpoints. */
  readonly desks: { readonly free: readonly string[] }
  readonly pause: { readonly maxDurationMs: number; readonly warnBeforeMs: number; readonly ways: readonly PauseMeans[] }
  /** What a leg may lack, and how long its sound may wait, before somebody is told. */
  readonly coverage: { readonly toleratedMs: number; readonly overdueAfterMs: number }
  /** `null`: this node is alone. */
  readonly nodes: NodesSettings | null
  /** The audit, and what proves it. */
  readonly audit: AuditSettings
  /** How long recordings are kept. */
  readonly retention: RetentionSettings
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly pretty: boolean }
}
