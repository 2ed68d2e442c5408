import { expect } from 'chai'
import { describe, it } from 'mocha'
import { join } from 'node:path'
import { type Components, componentStates } from '../../../cli/component-states.ts'
import { DirectoryRecordingSource } from '../../../adapters/spool/directory-recording-source.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

const GOOD: Components = {
  runtime: { clock: { now: () => new Date('2026-11-22T09:00:00Z') } },
  adapters: [{ pbxId: parsePbxId('main'), linkState: 'up' }],
  jobs: { backlog: () => Promise.resolve({ waiting: 2, oldestMs: 300_000 }) },
  sole: null,
  blobs: { freeBytes: () => Promise.resolve(1) },
  spools: [{ pbxId: parsePbxId('main'), source: { freeBytes: () => Promise.resolve(1) } }],
}

async function failing(change: Partial<Components>): Promise<readonly string[]> {
  return (await componentStates({ ...GOOD, ...change })).filter(({ ok }) => !ok).map(({ component }) => component)
}

describe('the components of readiness', () => {
  it('are all well while jobs are done within minutes', async () => {
    expect(await failing({})).to.deep.equal([])
  })

  it('tell of an ingest whose jobs have failed for more than five minutes', async () => {
    expect(await failing({ jobs: { backlog: () => Promise.resolve({ waiting: 1, oldestMs: 300_001 }) } })).to.deep.equal(['ingest'])
  })

  it('tell of a catalogue that another service may have', async () => {
    expect(await failing({ sole: { holds: true } })).to.deep.equal([])
    expect(await failing({ sole: { holds: false } })).to.deep.equal(['catalogue'])
  })

  it('tell what is away: the PBX, its spool, the catalogue and the ingest that works from it, the objects', async () => {
    expect(await failing({ adapters: [{ pbxId: parsePbxId('main'), linkState: 'down' }] })).to.deep.equal(['pbx main'])
    expect(await failing({ jobs: { backlog: () => Promise.reject(new Error('away')) } })).to.deep.equal(['catalogue', 'ingest'])
    expect(await failing({ jobs: { backlog: () => new Promise<never>(() => undefined) }, answerWithinMs: 1 }), 'a server that hangs').to.deep.equal(['catalogue', 'ingest'])
    const missing = new DirectoryRecordingSource(join(await temporaryDirectory(), 'unmounted'))
    expect(await failing({ spools: [...GOOD.spools, { pbxId: parsePbxId('branch'), source: missing }] }), 'a folder that is not mounted').to.deep.equal(['spool branch'])
    expect(await failing({ spools: [{ pbxId: parsePbxId('main'), source: { freeBytes: () => new Promise<never>(() => undefined) } }], answerWithinMs: 1 }), 'a share that hangs').to.deep.equal(['spool main'])
    expect(await failing({ spools: [{ pbxId: parsePbxId('main'), source: { freeBytes: () => Promise.resolve(null) } }] }), 'of which nothing is known from here').to.deep.equal([])
    expect(await failing({ blobs: { freeBytes: () => Promise.reject(new Error('away')) } })).to.deep.equal(['objects'])
  })
})
