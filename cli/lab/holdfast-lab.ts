import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { eventFilters, managerRights } from '../../adapters/asterisk/pbx-config.ts'
import { findOrProvisionAsterisk } from './find-asterisk.ts'
import { furnish, type LabHome } from './lab-home.ts'
import type { ManagerUser } from './asterisk-files.ts'
import { PrivateAsterisk } from './private-asterisk.ts'

/** What an administrator includes, as it stands in the repository and in the package. */
export const HOLDFAST_DIALPLAN = join(import.meta.dirname, '../../dialplan/asterisk/holdfast.conf')
const MANAGER_USER = 'holdfast'

export interface LabOptions {
  /** Holds everything: keys, settings, data, the PBX's folders. */
  readonly directory: string
  /** Where an unpacked Asterisk is kept between runs. */
  readonly cacheDir: string
  /** Contexts of the dialplan; Holdfast's globals and subroutines are added. */
  readonly extensions: string
  readonly phones: readonly { readonly name: string; readonly context: string }[]
  readonly attachedKeys: readonly string[]
  /** PATH, to look for an Asterisk. */
  readonly searchPath: string
  readonly report: (line: string) => void
  /** More settings, as in the file. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Text added to the end of the named Asterisk configuration files. */
  readonly append?: Readonly<Record<string, string>>
  /** How Holdfast gets at the spool: a shared directory when left out. */
  readonly spool?: 'directory' | 'ari'
}

/** A private Asterisk with Holdfast's dialplan in it, and the settings of a Holdfast beside it. */
export interface Lab extends LabHome {
  readonly asterisk: PrivateAsterisk
  readonly recordingDirectory: string
}

/** @throws HoldfastError `LAB_UNAVAILABLE`, `LAB_FAILED` */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { directory, attachedKeys } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const installation = await findOrProvisionAsterisk({ cacheDir: options.cacheDir, report: options.report, searchPath: options.searchPath.split(delimiter) })
  options.report(`starting Asterisk ${installation.version}`)
  const managerSecret = randomBytes(18).toString('base64url')
  const pbxDirectory = join(directory, 'asterisk')
  const recordingDirectory = join(pbxDirectory, 'spool/recording')
  const asterisk = await PrivateAsterisk.start({
    installation,
    directory: pbxDirectory,
    extensions: `[globals]\nHOLDFAST_KEYS=${attachedKeys.join(',')}\nHOLDFAST_SPOOL=${recordingDirectory}\nHOLDFAST_CLI=${consoleOf(installation.command, pbxDirectory)}\n${options.extensions}`,
    includeFiles: [HOLDFAST_DIALPLAN],
    phones: options.phones.map(({ name, context }) => ({ name, context, address: null, password: null, entries: [] })),
    managerUsers: [managerUser(managerSecret, attachedKeys)],
    ariUsers: [{ name: MANAGER_USER, password: managerSecret }],
    ...(options.append === undefined ? {} : { append: options.append }),
  })
  const home = await furnish({
    directory, attachedKeys, more: options.settings ?? {},
    pbx: {
      type: 'asterisk',
      ami: { host: '127.0.0.1', port: asterisk.amiPort, username: MANAGER_USER, secret: managerSecret },
      ari: { url: `http://127.0.0.1:${asterisk.ariPort}`, username: MANAGER_USER, password: managerSecret },
      spool: options.spool === 'ari' ? { type: 'ari' } : { type: 'directory', path: recordingDirectory },
      recordingDirectory,
    },
  })
  return { ...home, asterisk, recordingDirectory }
}

/** How a private Asterisk's own console is called: what an installed one calls `asterisk`. */
export function consoleOf(command: readonly string[], pbxDirectory: string): string {
  return [...command, '-C', join(pbxDirectory, 'etc/asterisk.conf')].join(' ')
}

/** The rights and filters that `holdfast pbx-config asterisk` prints: what works here works there. */
function managerUser(secret: string, attachedKeys: readonly string[]): ManagerUser {
  const rights = new Map(managerRights('127.0.0.1'))
  return { name: MANAGER_USER, secret, read: rights.get('read') ?? '', write: rights.get('write') ?? '', eventFilters: eventFilters(attachedKeys) }
}
