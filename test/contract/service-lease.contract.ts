import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseNodeName } from '../../core/domain/ids.ts'
import { SERVICE_LEASE_MS, type ServiceRun } from '../../core/ports/service-lease.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'

const ONE: ServiceRun = { id: 'run-1', journal: 'journal-a', node: parseNodeName('north'), host: 'host-a.example.com', process: 4711 }
const AFTER_ONE: ServiceRun = { ...ONE, id: 'run-2', process: 4712 }
const OTHER: ServiceRun = { id: 'run-3', journal: 'journal-b', node: parseNodeName('south'), host: 'host-b.example.com', process: 815 }
const TOLD = { node: 'north', host: 'host-a.example.com', process: 4711 }
/** Its seconds are whole. */
const A_SECOND = 1000

/** What the lease of the one service over a catalogue does, also between two programs (`twice`). */
export function serviceLeaseContract(name: string, { twice, database }: { readonly twice: () => Promise<{ readonly one: Catalogue; readonly other: Catalogue }>; readonly database: () => SqlDatabase }): void {
  const pass = async (ms: number): Promise<void> => {
    await database().change((tx) => tx.updateTable('service_lease').set((row) => ({ extended_at: row('extended_at', '-', ms) })).execute())
  }

  describe(name, () => {
    it('gives the catalogue to one service, and tells another one who that is', async () => {
      const { one, other } = await twice()
      expect(await one.service.take(ONE, 'start')).to.equal(null)
      const told = await other.service.take(OTHER, 'start')
      expect(told).to.deep.include(TOLD)
      expect(told?.ageMs).to.be.within(0, 30 * A_SECOND)
      expect(await other.service.take(OTHER, 'later')).to.deep.include(TOLD)
    })

    it('gives it to one alone of those who begin together', async () => {
      const { one, other } = await twice()
      const both = await Promise.all([one.service.take(ONE, 'start'), other.service.take(OTHER, 'start')])
      expect(both.filter((held) => held === null)).to.have.length(1)
    })

    it('gives it to the next when the first lets go, and never lets go for another', async () => {
      const { one, other } = await twice()
      await one.service.take(ONE, 'start')
      await other.service.release(OTHER)
      expect(await other.service.take(OTHER, 'start')).to.deep.include(TOLD)
      await one.service.release(ONE)
      await one.service.release(ONE)
      expect(await other.service.take(OTHER, 'start')).to.equal(null)
    })

    it('is kept by whoever extends it, and is anybody\'s when nobody does', async () => {
      const { one, other } = await twice()
      await one.service.take(ONE, 'start')
      await pass(SERVICE_LEASE_MS - 5 * A_SECOND)
      expect(await other.service.take(OTHER, 'start')).to.deep.include(TOLD)
      expect(await one.service.take(ONE, 'later')).to.equal(null)
      await pass(SERVICE_LEASE_MS - 5 * A_SECOND)
      expect(await other.service.take(OTHER, 'start'), 'extended').to.deep.include(TOLD)
      await pass(6 * A_SECOND)
      expect(await other.service.take(OTHER, 'start')).to.equal(null)
      expect(await one.service.take(ONE, 'later'), 'lost').to.deep.include({ node: 'south', host: 'host-b.example.com', process: 815 })
    })

    it('passes at once to the next run on the same data directory, whose lock tells that the one before is dead; never to one that merely goes on', async () => {
      const { one, other } = await twice()
      await one.service.take(ONE, 'start')
      expect(await other.service.take(AFTER_ONE, 'later')).to.deep.include(TOLD)
      expect(await other.service.take(AFTER_ONE, 'start')).to.equal(null)
      expect(await one.service.take(ONE, 'later')).to.deep.include({ ...TOLD, process: 4712 })
    })

    it('does not outlast a clock of the database that was put back', async () => {
      const { one, other } = await twice()
      await one.service.take(ONE, 'start')
      await pass(-3600 * A_SECOND)
      expect(await other.service.take(OTHER, 'start')).to.equal(null)
    })

    it('tells a name of a host that is too long by its beginning', async () => {
      const { one, other } = await twice()
      await one.service.take({ ...ONE, host: 'h'.repeat(300) }, 'start')
      expect((await other.service.take(OTHER, 'start'))?.host).to.match(/^h{95}~[0-9a-f]{64}$/)
    })
  })
}
