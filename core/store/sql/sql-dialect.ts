import { type RawBuilder, sql } from 'kysely'

export const SQL_DIALECTS = ['sqlite', 'mariadb', 'mysql'] as const
/** The databases that the catalogue can live in. */
export type SqlDialect = (typeof SQL_DIALECTS)[number]

/** Column types of one database, by what they are for. */
export interface ColumnTypes {
  /** 53-bit whole numbers: ids, milliseconds, bytes. */
  readonly whole: RawBuilder<unknown>
  /** Short text that is compared byte by byte and may stand in a key: our own ids and closed sets. */
  readonly name: RawBuilder<unknown>
  /** Text of any length, never in a key: what strangers wrote, JSON. */
  readonly text: RawBuilder<unknown>
  /** Up to 255 bytes that may stand in a key: see `searchKey`. */
  readonly key: RawBuilder<unknown>
  readonly bytes: RawBuilder<unknown>
}

const MYSQL_TYPES: ColumnTypes = {
  whole: sql`bigint`,
  name: sql`varchar(160)`,
  text: sql`mediumtext`,
  key: sql`varbinary(255)`,
  bytes: sql`mediumblob`,
}

export const COLUMN_TYPES: Readonly<Record<SqlDialect, ColumnTypes>> = {
  sqlite: { whole: sql`integer`, name: sql`text`, text: sql`text`, key: sql`blob`, bytes: sql`blob` },
  mariadb: MYSQL_TYPES,
  mysql: MYSQL_TYPES,
}

/**
 * What stands behind `create table`. Names are compared byte by byte and with trailing blanks: the server's default collation
 * would take `Gold` for `gold`, and every padding one `a ` for `a`. `clustered`: the rows lie in the order of the primary key.
 * Source: MariaDB `utf8mb4_nopad_bin`, MySQL 8 `utf8mb4_0900_bin`; sqlite.org/withoutrowid.html, sqlite.org/stricttables.html
 */
export const TABLE_ENDS: Readonly<Record<SqlDialect, Readonly<Record<'clustered' | 'by-rowid', RawBuilder<unknown>>>>> = {
  sqlite: { clustered: sql`strict, without rowid`, 'by-rowid': sql`strict` },
  mariadb: bothWays(sql`engine=InnoDB default charset=utf8mb4 collate=utf8mb4_nopad_bin row_format=dynamic`),
  mysql: bothWays(sql`engine=InnoDB default charset=utf8mb4 collate=utf8mb4_0900_bin row_format=dynamic`),
}

function bothWays(end: RawBuilder<unknown>): Readonly<Record<'clustered' | 'by-rowid', RawBuilder<unknown>>> {
  return { clustered: end, 'by-rowid': end }
}
