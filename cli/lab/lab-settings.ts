import { stringify } from 'yaml'

/** What a Holdfast in the laboratory needs to know. */
export interface LabSettings {
  readonly dataDirectory: string
  readonly asterisk: {
    readonly amiPort: number
    readonly ariPort: number
    readonly spoolDirectory: string
    /** Of AMI and of ARI. */
    readonly user: string
    readonly secret: string
  }
  readonly spool: 'directory' | 'ari'
  readonly attachedKeys: readonly string[]
  readonly recipients: readonly string[]
  readonly identityFiles: readonly string[]
  readonly httpPort: number
  /** More settings, as in the file, laid over these. */
  readonly more?: Readonly<Record<string, unknown>>
}

export const LAB_PBX_ID = 'lab'

/** The settings file of a Holdfast beside a private Asterisk: embedded stores, everything on loopback. */
export function labSettingsText(lab: LabSettings): string {
  const recordings = `${lab.asterisk.spoolDirectory}/recording`
  return stringify({
    node: { name: 'lab', number: 0 },
    dataDirectory: lab.dataDirectory,
    pbxs: [{
      id: LAB_PBX_ID,
      type: 'asterisk',
      site: 'lab',
      ami: { host: '127.0.0.1', port: lab.asterisk.amiPort, username: lab.asterisk.user, secret: lab.asterisk.secret },
      ari: { url: `http://127.0.0.1:${lab.asterisk.ariPort}`, username: lab.asterisk.user, password: lab.asterisk.secret },
      spool: lab.spool === 'ari' ? { type: 'ari' } : { type: 'directory', path: recordings },
      recordingDirectory: recordings,
    }],
    attachedData: { keys: lab.attachedKeys },
    keys: { recipients: lab.recipients, identityFiles: lab.identityFiles },
    http: { host: '127.0.0.1', port: lab.httpPort },
    log: { level: 'info' },
    ...lab.more,
  })
}
