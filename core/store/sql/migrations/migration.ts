import { type CreateTableBuilder, type InsertObject, type Kysely, type RawBuilder, sql } from 'kysely'
import { COLUMN_TYPES, type ColumnTypes, type SqlDialect, TABLE_ENDS } from '../sql-dialect.ts'
import { mysqlErrno } from '../sql-failure.ts'
import type { Tables } from '../tables.ts'

/** One step of a schema. It may be run again after it was cut off in the middle: MariaDB and MySQL cannot undo a `create table`. */
export interface Migration {
  readonly number: number
  readonly name: string
  up(builder: SchemaWriter): Promise<void>
}

type AnyTable = CreateTableBuilder<string, string>
/** Source: MariaDB and MySQL `ER_DUP_KEYNAME`, 1061 */
const DUPLICATE_KEY_NAME = 1061
/** Source: MariaDB and MySQL `ER_CANT_DROP_FIELD_OR_KEY`, 1091 */
const NO_SUCH_KEY = 1091

/** What migrations are written with: `create …` that does nothing where it was done already. */
export class SchemaWriter {
  readonly types: ColumnTypes
  readonly #db: Kysely<Tables>
  readonly #dialect: SqlDialect

  constructor(db: Kysely<Tables>, dialect: SqlDialect) {
    this.#db = db
    this.#dialect = dialect
    this.types = COLUMN_TYPES[dialect]
  }

  /** `by-rowid` where SQLite itself numbers the rows or a row is long; else the rows lie in the order of the primary key. */
  async table(name: string, layout: 'clustered' | 'by-rowid', columns: (table: AnyTable) => AnyTable): Promise<void> {
    await columns(this.#db.schema.createTable(name).ifNotExists()).modifyEnd(TABLE_ENDS[this.#dialect][layout]).execute()
  }

  /** The one row of a table that had none. */
  async firstRow<T extends keyof Tables>(table: T, row: InsertObject<Tables, T>): Promise<void> {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(this.#db)
    if (rows.length === 0) await this.#db.insertInto(table).values(row).execute()
  }

  /** One more column, which may be empty, in a table that there is already. */
  async column(table: string, name: string, type: RawBuilder<unknown>): Promise<void> {
    const tables = await this.#db.introspection.getTables()
    const isThere = tables.some((each) => each.name === table && each.columns.some((column) => column.name === name))
    if (!isThere) await this.#db.schema.alterTable(table).addColumn(name, type).execute()
  }

  /** Rows from those that are there already. `rows` must give none that are there from a run that was cut off. */
  async fill(rows: RawBuilder<unknown>): Promise<void> {
    await rows.execute(this.#db)
  }

  /** A text within JSON; null where there is none. Source: sqlite.org/json1.html §4.9; MariaDB and MySQL 8.0.21 `JSON_VALUE` */
  jsonText(json: RawBuilder<unknown>, path: string): RawBuilder<unknown> {
    return this.#dialect === 'sqlite' ? sql`json_extract(${json}, ${sql.lit(path)})` : sql`json_value(${json}, ${sql.lit(path)})`
  }

  /** A list of texts within JSON as rows with one column, `value`. Source: sqlite.org/json1.html §4.22; MariaDB 10.6 and MySQL 8.0 `JSON_TABLE` */
  elements(json: RawBuilder<unknown>): RawBuilder<unknown> {
    return this.#dialect === 'sqlite' ? sql`json_each(${json})` : sql`json_table(${json}, '$[*]' columns (value varchar(255) character set utf8mb4 path '$'))`
  }

  /** A text as the bytes of a key column. */
  asBytes(text: RawBuilder<unknown>): RawBuilder<unknown> {
    return this.#dialect === 'sqlite' ? sql`cast(${text} as blob)` : sql`cast(${text} as binary)`
  }

  async index(name: string, table: string, columns: readonly string[]): Promise<void> {
    const index = this.#db.schema.createIndex(name).on(table).columns([...columns])
    try {
      // MySQL knows no `if not exists` here.
      await (this.#dialect === 'sqlite' ? index.ifNotExists() : index).execute()
    } catch (error) {
      if (mysqlErrno(error) !== DUPLICATE_KEY_NAME) throw error
    }
  }

  async dropIndex(name: string, table: string): Promise<void> {
    const drop = this.#db.schema.dropIndex(name)
    try {
      await (this.#dialect === 'sqlite' ? drop.ifExists() : drop.on(table)).execute()
    } catch (error) {
      if (mysqlErrno(error) !== NO_SUCH_KEY) throw error
    }
  }
}
