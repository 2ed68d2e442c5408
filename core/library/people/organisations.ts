import { NO_ORGANISATION, type Organisation } from '../../domain/organisation.ts'
import type { PeopleStore } from '../../ports/people-store.ts'
import type { AccessScope } from '../../ports/recording-repository.ts'

/** The tree, for questions about live recordings, which the catalogue may not know yet. Read again only after it changed. */
export class Organisations {
  readonly #people: Pick<PeopleStore, 'read' | 'organisationVersion'>
  #known: { readonly version: number; readonly organisation: Organisation } | null = null

  constructor(people: Pick<PeopleStore, 'read' | 'organisationVersion'>) {
    this.#people = people
  }

  /** As far as this scope needs it: nobody waits for the database for a scope that names no unit. @throws HoldfastError `STORE_FAILED` (retry) */
  async for(scope: AccessScope): Promise<Organisation> {
    return scope.type === 'named' && scope.units.length > 0 ? await this.now() : NO_ORGANISATION
  }

  /** @throws HoldfastError `STORE_FAILED` (retry) */
  async now(): Promise<Organisation> {
    const version = await this.#people.organisationVersion()
    if (this.#known?.version === version) return this.#known.organisation
    const { organisation } = await this.#people.read()
    // Read after its version: it may be newer than that, and is read once more then.
    this.#known = { version, organisation }
    return organisation
  }
}
