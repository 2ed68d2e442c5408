import { expect } from 'chai'
import { chmod, mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { checkSpool, SPOOL_WRITERS } from '../../../../cli/doctor/check-spool.ts'
import { readSpoolFacts, type SpoolFacts } from '../../../../cli/doctor/spool-facts.ts'
import { mayWrite, userOf, usersRunning } from '../../../../cli/doctor/system-users.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

const GIB = 1024 ** 3
const FOLDER = { uid: 100, gid: 200, mode: 0o42770 }
const GOOD: SpoolFacts = { root: FOLDER, folder: FOLDER, path: '/spool/holdfast', refusal: null, seenByPbx: null, waiting: { files: 0, oldestAgeMs: 0, unreadable: 0, owners: [] }, freeBytes: 100 * GIB, totalBytes: 200 * GIB }
const ASTERISK = { uid: 100, gids: [100] }

function faults(facts: Partial<SpoolFacts>, user = ASTERISK as typeof ASTERISK | null): readonly string[] {
  return checkSpool('main', { ...GOOD, ...facts }, { ...SPOOL_WRITERS.asterisk, user }).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of the spool', () => {
  it('finds nothing wrong with a folder that both may use', () => {
    expect(faults({})).to.deep.equal([])
  })

  it('stops at a directory that is not there', () => {
    expect(faults({ root: null })).to.deep.equal(['fail: the spool directory /spool is not there, or may not be entered'])
  })

  it('wants the folder made before Asterisk makes it for itself alone', () => {
    const [first] = checkSpool('main', { ...GOOD, folder: null, refusal: 'ENOENT' }, { ...SPOOL_WRITERS.asterisk, user: ASTERISK })
    expect(first?.status).to.equal('fail')
    expect(first?.advice).to.include('install -d -o asterisk -g holdfast -m 2770 /spool/holdfast')
  })

  it('fails when the PBX does not see what we made, and speaks of the PBX that it is', () => {
    expect(faults({ seenByPbx: false })).to.deep.equal(['fail: Asterisk does not see a file that we made in /spool/holdfast: it records somewhere else, or may not enter'])
    expect(faults({ seenByPbx: true })).to.deep.equal([])
    const [first] = checkSpool('main', { ...GOOD, folder: null, refusal: 'ENOENT' }, { ...SPOOL_WRITERS.freeswitch, user: null })
    expect(first?.advice).to.include('install -d -o freeswitch -g holdfast -m 2770 /spool/holdfast')
  })

  it('fails when we cannot remove files', () => {
    expect(faults({ refusal: 'EACCES' })).to.deep.equal(['fail: files in /spool/holdfast cannot be made and removed by us: EACCES'])
  })

  it('fails when Asterisk cannot write, and warns when that cannot be told', () => {
    expect(faults({}, { uid: 7, gids: [7] })).to.deep.equal(['fail: Asterisk\'s user (7) cannot write into it, and the audio of every call is lost: /spool/holdfast belongs to user 100 and group 200, mode 2770'])
    expect(faults({}, null)).to.deep.equal(['warn: whom Asterisk runs as is not known here, so whether it can write cannot be told: /spool/holdfast belongs to user 100 and group 200, mode 2770'])
    expect(faults({ root: { uid: 0, gid: 0, mode: 0o40700 } })[0]).to.include('cannot write into it')
  })

  for (const [freeBytes, status] of [[0, 'fail'], [0.4 * GIB, 'fail'], [4 * GIB, 'warn'], [6 * GIB, null]] as const) {
    it(`says ${status ?? 'nothing'} about ${freeBytes / GIB} GiB`, () => {
      expect(faults({ freeBytes }).map((line) => line.slice(0, 4))).to.deep.equal(status === null ? [] : [status])
    })
  }

  it('tells of files that we cannot read, or that wait for days', () => {
    expect(faults({ waiting: { files: 3, oldestAgeMs: 1000, unreadable: 2, owners: [] } })).to.deep.equal(['fail: 2 of 3 files cannot be read by us'])
    expect(faults({ waiting: { files: 3, oldestAgeMs: 50 * 3_600_000, unreadable: 0, owners: [] } })).to.deep.equal(['warn: 3 files wait, the oldest for 50 hours'])
  })
})

describe('the facts of the spool', () => {
  it('come from a look and a try that leave nothing behind', async () => {
    const root = await temporaryDirectory()
    await mkdir(join(root, 'holdfast'))
    await writeFile(join(root, 'holdfast', '17.0.rx.wav'), 'x')
    const old = new Date('2026-01-01T00:00:00Z')
    await utimes(join(root, 'holdfast', '17.0.rx.wav'), old, old)
    const now = new Date('2026-01-01T01:00:00Z')
    for (let turn = 0; turn < 2; turn += 1) {
      const facts = await readSpoolFacts(root, now)
      expect(facts.refusal).to.equal(null)
      expect(facts.waiting).to.deep.equal({ files: 1, oldestAgeMs: 3_600_000, unreadable: 0, owners: [process.geteuid?.()] })
      expect(facts.freeBytes).to.be.above(0).and.at.most(facts.totalBytes)
    }
  })

  it('tell a folder that is missing from one that is a file', async () => {
    const root = await temporaryDirectory()
    expect(await readSpoolFacts(root, new Date())).to.include({ folder: null, refusal: 'ENOENT' })
    expect(await readSpoolFacts(join(root, 'nowhere'), new Date())).to.include({ root: null })
    await writeFile(join(root, 'holdfast'), '')
    expect((await readSpoolFacts(root, new Date())).refusal).to.equal('ENOTDIR')
    await chmod(root, 0o700)
  })
})

describe('the users of this machine', () => {
  it('are known by their processes', async () => {
    const name = (await readFile('/proc/self/comm', 'utf8')).trim()
    expect(await usersRunning(name)).to.include(process.geteuid?.())
    expect(await usersRunning('no-such-program')).to.deep.equal([])
  })

  it('are known by number, with the groups that the local files tell', async () => {
    expect((await userOf(0)).gids).to.include(0)
    expect(await userOf(4_000_000)).to.deep.equal({ uid: 4_000_000, gids: [] })
  })
})

describe('a user\'s right to write', () => {
  for (const [what, user, mode, answer] of [
    ['the owner', { uid: 100, gids: [1] }, 0o700, true], ['the owner without the bit', { uid: 100, gids: [200] }, 0o577, false],
    ['a member of the group', { uid: 1, gids: [1, 200] }, 0o770, true], ['a member, where the group may only look', { uid: 1, gids: [200] }, 0o757, false],
    ['a stranger', { uid: 1, gids: [1] }, 0o770, false], ['a stranger to an open folder', { uid: 1, gids: [1] }, 0o777, true], ['root', { uid: 0, gids: [] }, 0o000, true],
  ] as const) {
    it(`is ${answer ? 'seen' : 'missed'} for ${what}`, () => {
      expect(mayWrite(user, { uid: 100, gid: 200, mode })).to.equal(answer)
    })
  }
})
