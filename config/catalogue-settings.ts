import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { across, existingFile, host, isLoopback, type Loose, path, port, secretFile, secretText, section, type Tell, text, wholeNumber } from './leaves.ts'
import { oneSecret, secretOf } from './secrets.ts'

/** A database of a MariaDB or MySQL server. */
export interface MysqlCatalogueSettings {
  readonly type: 'mysql'
  readonly address: { readonly host: string; readonly port: number } | { readonly socketPath: string }
  readonly user: string
  readonly password: string
  readonly database: string
  /** `null`: plain. `ca` is PEM; without one, the system's authorities count. */
  readonly tls: { readonly ca?: string } | null
  readonly maxConnections: number
}

/** Where recordings are searched. */
export type CatalogueSettings = { readonly type: 'sqlite'; readonly file: string } | MysqlCatalogueSettings

const DATABASE_ALLOWED = 'the name of a database: 1 to 64 of 0-9 A-Z a-z _ -'
const USER_ALLOWED = 'the name of a user, 1 to 80 characters'
/** Source: mysql2 connects to this one where none is named; /etc/services `mysql` */
const MYSQL_PORT = 3306

export const catalogueSchema = z.discriminatedUnion('type', [
  section({
    type: z.literal('sqlite').describe('One file on this machine: no other server is needed.'),
    file: path.optional().meta({ description: 'The database file. On a local disk: SQLite\'s locks do not work over NFS.', defaultText: '`holdfast.db` in the data directory' }),
  }),
  section({
    type: z.literal('mysql').describe('A database of a MariaDB (10.6 or later) or MySQL (8.0.17 or later) server (docs/mariadb.md).'),
    host: host.optional().describe('The server. Either this or `socketPath`.'),
    port: port.optional().meta({ description: 'Its port.', defaultText: `\`${MYSQL_PORT}\`` }),
    socketPath: path.optional().describe('Its UNIX socket, for a server on this machine.'),
    user: z.string({ error: USER_ALLOWED }).pipe(text).pipe(z.string().max(80)).meta({ allowed: USER_ALLOWED }).describe('Who Holdfast is there; docs/mariadb.md has the rights that it needs.'),
    password: secretText.optional().describe('Its password. Better given by `passwordFile` or the environment.'),
    passwordFile: secretFile.optional().describe('A file that holds the password and nothing else.'),
    database: z.string({ error: DATABASE_ALLOWED }).regex(/^[0-9A-Za-z_-]{1,64}$/).meta({ allowed: DATABASE_ALLOWED }).describe('The database, of Holdfast alone. It must be there; its tables are made at the first start.'),
    tls: section({
      caFile: existingFile.nullable().default(null).describe('Certificate authority that the server\'s certificate is checked with; null: those of the system.'),
    }).nullable().default(null).describe('TLS; null: plain TCP, for loopback. The certificate must carry the name that `host` gives.'),
    allowPlaintextTo: host.nullable().default(null).describe('Names the one remote host to which this link may go without TLS. Numbers and names of people travel here, and the password can be guessed from what is heard.'),
    maxConnections: wholeNumber('connections', 2, 1000).default(16).describe('Connections at most. Commands open their own.'),
  }).check(across(checkMysql)),
], { error: 'sqlite, mysql' })

export function catalogueOf(catalogue: z.output<typeof catalogueSchema>, dataDirectory: string): CatalogueSettings {
  if (catalogue.type === 'sqlite') return { type: 'sqlite', file: catalogue.file ?? join(dataDirectory, 'holdfast.db') }
  const { type, host: named, port: at, socketPath, user, password, passwordFile, database, tls, maxConnections } = catalogue
  return {
    type,
    address: socketPath === undefined ? { host: named ?? 'localhost', port: at ?? MYSQL_PORT } : { socketPath },
    user,
    password: secretOf(password, passwordFile),
    database,
    tls: tls === null ? null : tls.caFile === null ? {} : { ca: readFileSync(tls.caFile, 'utf8') },
    maxConnections,
  }
}

function checkMysql(value: Loose, tell: Tell): void {
  oneSecret(value, 'password', tell)
  if (value['socketPath'] === undefined) checkHost(value, tell)
  else checkSocket(value, tell)
}

function checkHost({ host: to, tls, allowPlaintextTo }: Loose, tell: Tell): void {
  if (to === undefined) tell(['host'], 'is missing: give `host` or `socketPath`')
  if (typeof to !== 'string') return
  if (tls === null && !isLoopback(to) && allowPlaintextTo !== to) {
    tell(['tls'], `a link without TLS to the remote host ${to} is refused: set \`tls\`, or name the host in \`allowPlaintextTo\``)
  }
  // mysql2 compares no certificate with an address. Source: mysql2 lib/base/connection.js, startTLS
  if (tls !== null && isIP(to) !== 0) tell(['host'], `${to} is an address, and a certificate is checked by name: give the server's name`)
}

/** It never leaves the machine. */
function checkSocket(value: Loose, tell: Tell): void {
  for (const [name, absent] of [['host', undefined], ['port', undefined], ['tls', null], ['allowPlaintextTo', null]] as const) {
    if (value[name] !== absent) tell([name], 'is of no use with `socketPath`: keep one of both')
  }
}
