import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkCatalogue, judgeServer } from '../../../../cli/doctor/check-catalogue.ts'
import type { MysqlCatalogueSettings } from '../../../../config/catalogue-settings.ts'
import type { MysqlSurvey } from '../../../../core/store/sql/mysql-survey.ts'

const NOW = new Date('2026-11-23T09:00:00Z')
const CATALOGUE: MysqlCatalogueSettings = { type: 'mysql', address: { host: 'db.example.com', port: 3306 }, user: 'holdfast', password: 'x', database: 'holdfast', tls: {}, maxConnections: 16 }
const PLAIN: MysqlCatalogueSettings = { ...CATALOGUE, tls: null }
const GOOD: MysqlSurvey = {
  version: '10.11.19-MariaDB', cipher: 'TLS_AES_256_GCM_SHA384', flushAtCommit: 1, maxAllowedPacketBytes: 16 * 1024 ** 2, maxConnections: 151, at: NOW,
  rights: new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'INDEX']), state: 'made',
}

function told(change: Partial<MysqlSurvey>, catalogue = CATALOGUE): readonly string[] {
  return judgeServer({ ...GOOD, ...change }, { catalogue, now: NOW }).map(({ status, found }) => `${status} ${found}`)
}

describe('what doctor says of a catalogue at a server', () => {
  it('is how it is reached, and whether it is in use, where all is well', () => {
    expect(told({})).to.deep.equal(['ok 10.11.19-MariaDB answers over TLS (TLS_AES_256_GCM_SHA384); the database holdfast holds a catalogue'])
    expect(told({ cipher: null, state: 'empty' }, { ...PLAIN, address: { socketPath: '/run/mysqld/mysqld.sock' } })).to.deep.equal(['ok 10.11.19-MariaDB answers over its socket; the database holdfast is empty: the first start makes its tables'])
    expect(told({ cipher: null }, { ...PLAIN, address: { host: '127.0.0.1', port: 3306 } })[0]).to.include('answers on this machine')
  })

  const faults: readonly (readonly [Partial<MysqlSurvey>, string])[] = [
    [{ cipher: null }, 'warn the link to db.example.com goes over the network in clear, as `allowPlaintextTo` allows'],
    [{ rights: new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE']) }, 'warn holdfast has not been granted CREATE, ALTER, INDEX there, unless by a role'],
    [{ flushAtCommit: 2 }, 'fail innodb_flush_log_at_trx_commit is 2: a crash of the server loses what it had taken from the journal, and nobody tells it again'],
    [{ maxAllowedPacketBytes: 1024 }, 'warn max_allowed_packet is 1024 bytes'],
    [{ maxConnections: 16 }, 'warn the server takes 16 connections of all its users, and `catalogue.maxConnections` is 16'],
    [{ at: new Date(NOW.getTime() - 61_000) }, 'warn the server\'s clock is 61 s behind ours: its logs cannot be compared with the audit'],
    [{ at: new Date(NOW.getTime() + 61_000) }, 'warn the server\'s clock is 61 s before ours: its logs cannot be compared with the audit'],
  ]
  for (const [change, found] of faults) {
    it(`is also: ${found}`, () => {
      expect(told(change).slice(1)).to.deep.equal([found])
    })
  }

  it('is nothing where the catalogue is a file', async () => {
    expect(await checkCatalogue({ catalogue: { type: 'sqlite', file: '/nowhere' } }, () => NOW)).to.deep.equal({ checks: [], found: true })
  })

  it('is where the server should be, where nobody answers', async () => {
    const { checks: [check], found } = await checkCatalogue({ catalogue: { ...PLAIN, address: { socketPath: '/nowhere/sock' } } }, () => NOW)
    expect({ found, status: check?.status, told: check?.found }).to.deep.equal({ found: false, status: 'fail', told: 'the database server at /nowhere/sock cannot be used now: connect ENOENT /nowhere/sock' })
  })
})
