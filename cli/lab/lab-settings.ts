import { stringify } from 'yaml'

/** What a Holdfast in the laboratory needs to know. */
export interface LabSettings {
  readonly dataDirectory: string
  /** The PBX, as in the file, but for its id and site. */
  readonly pbx: Readonly<Record<string, unknown>>
  readonly attachedKeys: readonly string[]
  readonly recipients: readonly string[]
  readonly identityFiles: readonly string[]
  readonly httpPort: number
  /** More settings, as in the file, laid over these. */
  readonly more?: Readonly<Record<string, unknown>>
}

export const LAB_PBX_ID = 'lab'

/** The settings file of a Holdfast beside a private PBX: embedded stores, everything on loopback. */
export function labSettingsText(lab: LabSettings): string {
  return stringify({
    node: { name: 'lab', number: 0 },
    dataDirectory: lab.dataDirectory,
    pbxs: [{ id: LAB_PBX_ID, site: 'lab', ...lab.pbx }],
    attachedData: { keys: lab.attachedKeys },
    keys: { recipients: lab.recipients, identityFiles: lab.identityFiles },
    // Whoever waits in a laboratory asks again and again.
    http: { host: '127.0.0.1', port: lab.httpPort, requestBurst: 100_000, requestsPerMinute: 1_000_000 },
    log: { level: 'info' },
    ...lab.more,
  })
}
