export interface ServiceLeaseTables {
  readonly service_lease: ServiceLeaseRow
}

/** The one row of who serves; without a run, nobody does. */
export interface ServiceLeaseRow {
  readonly name: string
  readonly run_id: string | null
  readonly journal: string
  readonly node: string
  readonly host: string
  readonly process: number
  /** By the clock of the database. */
  readonly extended_at: number
}
