import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { run } from '../../../../cli/program.ts'
import { EVERY_ENTRY } from '../../../../core/ports/audit-log.ts'
import { aboutHold, holdOn } from '../../../support/held-recordings.ts'
import { idAt } from '../../../support/recording-facts.ts'
import { StoredOnDisk } from '../../../support/stored-on-disk.ts'

const RULES = `
rules: [{ name: advice, when: { attached: { kind: advice } }, minimumDays: 40000 }]
default: { name: old, purgeAfterDays: 1 }
`
const [OLD, ADVICE, HELD] = [idAt(0), idAt(60), idAt(120)]

describe('holdfast retention', () => {
  let disk: StoredOnDisk
  beforeEach(async () => {
    disk = await StoredOnDisk.open(RULES)
    for (const [id, kind] of [[OLD, 'old'], [ADVICE, 'advice'], [HELD, 'old']] as const) await disk.add({ id, attached: { kind } })
    await disk.store.holds.place(holdOn(1, { recordings: [HELD] }), aboutHold(1))
  })
  afterEach(() => disk[Symbol.asyncDispose]())

  const holdfast = async (...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
    const [out, err]: [string[], string[]] = [[], []]
    const code = await run(['retention', ...words, '--config', disk.file], { terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text) } })
    return { code, out: out.join('\n'), err: err.join('\n') }
  }
  const told = async (): Promise<readonly unknown[]> => (await disk.store.audit.read({ ...EVERY_ENTRY, action: 'retention.planned' }, { first: 10, before: null })).entries.map(({ entry: { details } }) => details['what'] ?? 'plan')

  it('explains one recording: which rule speaks, when it goes, and what stands in the way', async () => {
    expect((await holdfast('explain', OLD)).out).to.match(/rule +old\n/).and.to.match(/destroyed +2026-03-03\n/).and.to.match(/a run now +purge/)
    expect((await holdfast('explain', ADVICE)).out).to.match(/rule +advice\n/).and.to.match(/minimum +until 2135-/).and.to.match(/destroyed +never\n/)
    expect((await holdfast('explain', HELD)).out).to.match(/a run now +leaves it/).and.to.match(/in the way +held by case 1/)
    expect(JSON.parse((await holdfast('explain', HELD, '--json')).out)).to.deep.include({ recordingId: HELD, rule: 'old', does: null, obstacles: [{ type: 'hold', cases: ['case 1'] }] })
    expect(await holdfast('explain', idAt(999))).to.deep.include({ code: 1, out: '' }).and.to.have.property('err').that.includes('RECORDING_NOT_FOUND')
    expect((await holdfast('explain', 'none')).code).to.equal(2)
  })

  it('says what a draft would change, changes nothing, and is told to the audit', async () => {
    const draft = join(dirname(disk.file), 'draft.yaml')
    await writeFile(draft, 'rules: []\ndefault: { name: for-good }\n')
    const { out } = await holdfast('what-if', draft)
    expect(out).to.match(/not destroyed by a run now +1 /).and.to.match(/destroyed later, or never +1 /).and.to.match(/minimum shorter +1 /).and.to.include('3 recordings were looked at')
    const report = JSON.parse((await holdfast('what-if', draft, '--json', '--show', '1')).out)
    expect(report.differences.map(({ kind }: { readonly kind: string }) => kind)).to.deep.equal(['spared', 'purged-later', 'minimum-shorter'])
    expect(report).to.have.nested.property('differences[0].samples[0].after.recordingId', OLD)
    expect((await disk.store.retention.lastRules())?.version).to.equal(report.inForce)
    expect(await told()).to.deep.equal(['what-if', 'what-if'])
    await writeFile(draft, RULES)
    expect((await holdfast('what-if', draft)).out).to.include('Nothing would change.')
    await writeFile(draft, 'rules: []\ndefault: { name: bad, purgeAfterDays: never }\n')
    expect(await holdfast('what-if', draft)).to.deep.include({ out: '' }).and.to.have.property('err').that.includes('RETENTION_INVALID').and.includes('draft.yaml')
  })

  it('plans, runs, and lists its runs with what came of them and what is left', async () => {
    expect((await holdfast('runs')).out).to.equal('There was no run.')
    expect(JSON.parse((await holdfast('plan', '--json')).out)).to.have.nested.property('totals.does.purge.recordings', 1)
    expect((await holdfast('run')).out).to.match(/purged +1/)
    expect((await disk.store.repository.find(OLD, { type: 'all' }))?.state).to.equal('purged')
    expect((await holdfast('runs')).out).to.match(/ended +1 +0 +1 purged +0/)
    const [first] = JSON.parse((await holdfast('runs', '--json')).out)
    expect(first).to.deep.include({ state: 'ended', done: { purged: 1 }, left: 0 })
    expect((await holdfast('explain', OLD)).out).to.match(/destroyed +never|due +nothing/)
  })
})
