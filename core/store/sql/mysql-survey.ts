import { sql } from 'kysely'
import { dialectOf, mysqlConnection, type MysqlSettings } from './mysql-database.ts'

/** What a server says of itself and of us, without a word of ours in it. */
export interface MysqlSurvey {
  readonly version: string
  /** `null`: the link is not encrypted. */
  readonly cipher: string | null
  /** Source: `innodb_flush_log_at_trx_commit` */
  readonly flushAtCommit: number
  readonly maxAllowedPacketBytes: number
  /** Of all users together. */
  readonly maxConnections: number
  /** By its own clock. */
  readonly at: Date
  /** What we may in the database, in its words: `SELECT`. Rights by a role are not among them. */
  readonly rights: ReadonlySet<string>
  /** Whether a service, or a command, has made its tables. */
  readonly state: 'empty' | 'made'
}

/** Whoever asks sits before a terminal. */
const ANSWER_DEADLINE_MS = 10_000

/** Looks, and makes nothing. @throws HoldfastError as `openMysqlDatabase` */
export async function surveyMysql(settings: MysqlSettings): Promise<MysqlSurvey> {
  return await mysqlConnection(settings, ANSWER_DEADLINE_MS, async (db) => {
    await dialectOf(db)
    const { rows: [row] } = await sql<{ readonly version: string; readonly flush: number; readonly packet: number; readonly connections: number; readonly seconds: number; readonly made: number }>`
      select version() as version, @@innodb_flush_log_at_trx_commit as flush, @@max_allowed_packet as packet, @@max_connections as connections, unix_timestamp() as seconds,
        (select count(*) from information_schema.tables where table_schema = database() and table_name = 'schema_migrations') as made`.execute(db)
    const { rows: [cipher] } = await sql<{ readonly Value: string }>`show session status like 'Ssl_cipher'`.execute(db)
    // A grant may name databases by a pattern. Source: MariaDB and MySQL `INFORMATION_SCHEMA.SCHEMA_PRIVILEGES`
    const { rows: rights } = await sql<{ readonly privilege: string }>`
      select privilege_type as privilege from information_schema.schema_privileges where database() like table_schema
      union select privilege_type from information_schema.user_privileges`.execute(db)
    return {
      version: row?.version ?? '', cipher: cipher === undefined || cipher.Value === '' ? null : cipher.Value, flushAtCommit: Number(row?.flush), maxAllowedPacketBytes: Number(row?.packet),
      maxConnections: Number(row?.connections), at: new Date(Number(row?.seconds) * 1000), rights: new Set(rights.map(({ privilege }) => privilege)), state: Number(row?.made) > 0 ? 'made' : 'empty',
    }
  })
}
