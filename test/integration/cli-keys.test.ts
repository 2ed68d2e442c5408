import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'mocha'
import { openConsoleStore } from '../../cli/console-store.ts'
import { openBlobs } from '../../cli/open-blobs.ts'
import { run } from '../../cli/program.ts'
import { loadSettings } from '../../config/load-settings.ts'
import type { RecordingId } from '../../core/domain/ids.ts'
import { requireCommand } from '../support/commands.ts'
import { idAt } from '../support/recording-facts.ts'
import { PLAIN, storeSealed } from '../support/rotation-bench.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

const IDS: readonly RecordingId[] = [0, 60, 120, 180].map((second) => idAt(second))

/** A folder with settings, in which keys are made, tried and changed as an operator does. */
class Workplace {
  readonly directory: string
  readonly file: string

  constructor(directory: string) {
    this.directory = directory
    this.file = join(directory, 'holdfast.yaml')
  }

  async settings(keys: string): Promise<void> {
    await writeFile(this.file, `dataDirectory: data\npbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: ${this.directory} } }]\nkeys: ${keys}\n`)
  }

  async holdfast(...words: readonly string[]): Promise<Ran> {
    const out: string[] = []
    const err: string[] = []
    const code = await run([...words, '--config', this.file], { terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text) } })
    return { code, out: out.join('\n'), err: err.join('\n') }
  }

  async record(recipients: readonly string[]): Promise<void> {
    const settings = loadSettings(this.file)
    await using catalogue = await openConsoleStore(settings)
    for (const id of IDS) await storeSealed({ catalogue, blobs: openBlobs(settings).blobs }, id, recipients.map((recipient) => ({ recipient })))
  }

  /** Header and payload as they lie in the object store, which is what a backup of it holds. */
  async ageFile(id: RecordingId, header: string): Promise<Buffer> {
    const parts = [`${id}.1.${header}`, `${id}.1.payload`].map((name) => join(this.directory, 'data/objects', createHash('sha256').update(name).digest('hex').slice(0, 2), name))
    return Buffer.concat(await Promise.all(parts.map((path) => readFile(path))))
  }
}

describe('holdfast keys', () => {
  const directory = suiteDirectory()
  let age = ''
  let keygen = ''
  let place: Workplace
  let own = ''
  let escrow = ''
  before(async function () {
    age = await requireCommand(this, 'age', 'age')
    keygen = await requireCommand(this, 'age-keygen', 'age')
    place = new Workplace(directory())
    await writeFile(join(place.directory, 'passphrase'), 'correct horse battery staple\n', { mode: 0o600 })
    execFileSync(keygen, ['-o', join(place.directory, 'escrow.txt')], { stdio: 'ignore' })
    escrow = execFileSync(keygen, ['-y', join(place.directory, 'escrow.txt')], { encoding: 'utf8' }).trim()
    await place.settings('{ identityFiles: [{ file: own.age, passphraseFile: passphrase }] }')
    const made = await place.holdfast('keys', 'generate', '--protect', '--passphrase-file', join(place.directory, 'passphrase'))
    expect(made.code).to.equal(0)
    own = made.out
    expect(await readFile(join(place.directory, 'own.age'), 'utf8')).to.match(/^-----BEGIN AGE ENCRYPTED FILE-----/)
  })

  it('say who is named, and warn of what is going to be lost', async () => {
    await place.settings(`{ recipients: [${own}], identityFiles: [{ file: own.age, passphraseFile: passphrase }] }`)
    await place.record([own])
    const { code, out, err } = await place.holdfast('keys')
    expect(code).to.equal(0)
    expect(out).to.match(new RegExp(`${own}\\s+operational\\s+keys\\.recipients\\[0\\]\\s+yes\\s+4\\s+never`))
    expect(err).to.include('one recipient only').and.to.include('its backup was never tried')
    expect(out + err).not.to.include('AGE-SECRET-KEY')
  })

  it('find that a file is no backup of what was not sealed to it, and let it in', async () => {
    await place.settings(`{ recipients: [${own}, { recipient: ${escrow}, name: Safe, purpose: escrow }], identityFiles: [{ file: own.age, passphraseFile: passphrase }] }`)
    const before = await place.holdfast('keys', 'check', join(place.directory, 'escrow.txt'))
    expect(before.code).to.equal(1)
    expect(before.out).to.include('It opens 0 of 4').and.to.include('4 are sealed to others alone').and.to.include('THIS IS NO BACKUP')
    const dry = await place.holdfast('keys', 'rotate', '--dry-run')
    expect(dry).to.include({ code: 0 })
    expect(dry.out).to.include('4 recordings are sealed to other recipients')
    const rotated = await place.holdfast('keys', 'rotate', '--per-second', '1000')
    expect(rotated.out).to.equal('4 recordings were rotated.')
    const after = await place.holdfast('keys', 'check', join(place.directory, 'escrow.txt'), '--json')
    expect(after.code).to.equal(0)
    expect(JSON.parse(after.out)).to.include({ verdict: 'passed', sampled: 4, opened: 4, foreign: 0 })
    const shown = await place.holdfast('keys')
    expect(shown.out).to.match(/Safe\s+escrow\s+keys\.recipients\[1\]\s+no\s+4\s+\d{4}-\d\d-\d\d/)
    expect(shown.err).to.include('operational recipient').and.not.to.include('escrow recipient')
  })

  it('leave files that the age command opens with the escrow identity', async () => {
    for (const id of IDS) {
      const opened = execFileSync(age, ['--decrypt', '-i', join(place.directory, 'escrow.txt')], { input: await place.ageFile(id, '2.header'), maxBuffer: 1024 * 1024 })
      expect(opened.equals(PLAIN)).to.equal(true)
    }
  })

  it('retire a recipient: nothing more is left that its identity opens', async () => {
    const successor = join(place.directory, 'successor.txt')
    execFileSync(keygen, ['-o', successor], { stdio: 'ignore' })
    const recipient = execFileSync(keygen, ['-y', successor], { encoding: 'utf8' }).trim()
    await place.settings(`{ recipients: [{ recipient: ${own}, retired: true }, ${recipient}, { recipient: ${escrow}, name: Safe, purpose: escrow }], identityFiles: [{ file: own.age, passphraseFile: passphrase }, successor.txt] }`)
    expect((await place.holdfast('keys')).err).to.include('the retired recipient').and.to.include('still opens 4 recordings')
    expect((await place.holdfast('keys', 'rotate')).out).to.equal('4 recordings were rotated.')
    expect((await place.holdfast('keys')).err).not.to.include('the retired recipient')
    const former = await place.holdfast('keys', 'check', join(place.directory, 'own.age'), '--passphrase-file', join(place.directory, 'passphrase'))
    expect(former.out).to.include('It opens 0 of 4')
    expect(await place.holdfast('keys', 'check', successor)).to.include({ code: 0 })
    const file = await place.ageFile(IDS[0] ?? idAt(0), '3.header')
    expect(execFileSync(age, ['--decrypt', '-i', successor], { input: file, maxBuffer: 1024 * 1024 }).equals(PLAIN)).to.equal(true)
    await place.ageFile(IDS[0] ?? idAt(0), '2.header').then(() => expect.fail('the old header is still there'), (error: unknown) => expect(String(error)).to.include('ENOENT'))
  })

  it('stand in the audit', async () => {
    await using store = await openConsoleStore(loadSettings(place.file))
    const { entries } = await store.audit.read({ objectId: null, actorId: null, action: 'keys.changed', from: null, to: null }, { first: 50, before: null })
    const told = entries.map(({ entry }) => `${String(entry.details['change'])} ${entry.outcome}`).toReversed()
    expect(told).to.deep.equal(['backup-checked failed', 'rotation-begun ok', 'rotation-ended ok', 'backup-checked ok', 'rotation-begun ok', 'rotation-ended ok', 'backup-checked failed', 'backup-checked ok'])
  })
})
