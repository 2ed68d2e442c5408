import { describe, it } from 'mocha'
import { expect } from 'chai'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { isContention, openingFailure, storeFailure } from '../../../../../core/store/sql/sql-failure.ts'

describe('storeFailure', () => {
  const surroundings: readonly Readonly<Record<string, unknown>>[] = [
    { code: 'SQLITE_BUSY' }, { code: 'SQLITE_FULL' }, { code: 'SQLITE_IOERR_FSYNC' }, { code: 'SQLITE_CORRUPT_VTAB' }, { code: 'SQLITE_THREAD_GONE' },
    // Source: mysql2 3.24 against MariaDB 10.11: a refused connection, a deadlock, a killed connection, a full disk.
    { code: 'ECONNREFUSED', errno: -111 }, { code: 'ER_LOCK_DEADLOCK', errno: 1213 }, { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }, { code: 'ER_DISK_FULL', errno: 1021 },
    { code: 'PROTOCOL_SEQUENCE_TIMEOUT' },
    // A password that was changed, a right that was taken away, too many connections of one user.
    { code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 }, { code: 'ER_TABLEACCESS_DENIED_ERROR', errno: 1142 }, { code: 'ER_USER_LIMIT_REACHED', errno: 1226 },
  ]
  for (const properties of surroundings) {
    it(`takes ${JSON.stringify(properties)} for a failure of the surroundings`, () => {
      const cause = Object.assign(new Error('x'), properties)
      expect(storeFailure(cause)).to.be.instanceOf(HoldfastError).with.property('code', 'STORE_FAILED')
      expect(storeFailure(cause)).to.have.property('cause', cause)
    })
  }

  const bugs: readonly Readonly<Record<string, unknown>>[] = [
    {}, { code: 'SQLITE_ERROR' }, { code: 'SQLITE_CONSTRAINT_UNIQUE' }, { code: 'ER_PARSE_ERROR', errno: 1064 }, { code: 'ER_DUP_ENTRY', errno: 1062 },
    // MariaDB's "constraint failed", which mysql2 names as if a disk were full: the number tells.
    { code: 'ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE', errno: 4025 },
  ]
  for (const properties of bugs) {
    it(`leaves ${JSON.stringify(properties)} as it is: a bug`, () => {
      const error = Object.assign(new Error('x'), properties)
      expect(storeFailure(error)).to.equal(error)
    })
  }

  it('leaves a foreseen failure as it is', () => {
    const error = new HoldfastError('JOB_LEASE_LOST', 'lost')
    expect(storeFailure(error)).to.equal(error)
    expect(isContention(error)).to.equal(false)
  })
})

describe('openingFailure', () => {
  const AT = { place: 'db.example.com:3306', user: 'holdfast' }
  const words: readonly (readonly [told: string, Readonly<Record<string, unknown>>])[] = [
    ['the database server at db.example.com:3306 refuses holdfast: x', { code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 }],
    ['the database server at db.example.com:3306 refuses holdfast: x', { code: 'ER_BAD_DB_ERROR', errno: 1049 }],
    ['the database server at db.example.com:3306 speaks no TLS: x', { code: 'HANDSHAKE_NO_SSL_SUPPORT', fatal: true }],
    ['the database server at db.example.com:3306 cannot be used now: x', { code: 'ECONNREFUSED', errno: -111, fatal: true }],
  ]
  for (const [told, properties] of words) {
    it(`tells of ${JSON.stringify(properties)} where the server is, and what it said`, () => {
      const cause = Object.assign(new Error('x'), properties)
      expect(openingFailure(cause, AT)).to.be.instanceOf(HoldfastError).with.property('message', told)
      expect(openingFailure(cause, AT)).to.include({ code: 'STORE_FAILED', cause })
    })
  }

  it('leaves a bug, and what was foreseen already, as they are', () => {
    for (const error of [Object.assign(new Error('x'), { errno: 1064 }), new HoldfastError('STORE_NEWER', 'newer')]) expect(openingFailure(error, AT)).to.equal(error)
  })
})
