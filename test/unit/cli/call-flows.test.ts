import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect } from 'chai'
import { before, describe, it } from 'mocha'

const ROOT = join(import.meta.dirname, '../../..')
const TABLE = readFileSync(join(ROOT, 'docs/call-flows.md'), 'utf8')
const TESTS = join(ROOT, 'test/integration')
const FILES = readdirSync(TESTS).filter((name) => /^flows-.*\.test\.ts$/.test(name))
/** Loading the suites takes a second, and starts nothing. */
const LISTED_WITHIN_MS = 60_000

interface Listed {
  readonly tests: readonly { readonly file: string; readonly title: string }[]
}

describe('the table of call flows', () => {
  const titles = new Map<string, readonly string[]>()
  const proofs = [...TABLE.matchAll(/\]\(\.\.\/test\/integration\/([\w.-]+)\): \*([^*]+)\*/g)].map(([, file = '', title = '']) => ({ file, title }))

  before(function () {
    this.timeout(LISTED_WITHIN_MS)
    const words = ['--no-config', '--dry-run', '--reporter', 'json', '--extension', 'ts', ...FILES.map((name) => join(TESTS, name))]
    const { tests } = JSON.parse(execFileSync(process.execPath, [join(ROOT, 'node_modules/mocha/bin/mocha.js'), ...words], { encoding: 'utf8' })) as Listed
    for (const { file, title } of tests) titles.set(basename(file), [...titles.get(basename(file)) ?? [], title])
  })

  it('names only tests that there are', () => {
    const missing = proofs.filter(({ file, title }) => !(titles.get(file) ?? []).some((known) => known.startsWith(title)))
    expect(missing).to.deep.equal([])
  })

  it('gives each row a proof, and leaves out no suite', () => {
    const rows = TABLE.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| flow') && !line.startsWith('|---'))
    expect(rows.filter((row) => !row.includes('.test.ts): *'))).to.deep.equal([])
    expect(FILES.filter((name) => !proofs.some(({ file }) => file === name))).to.deep.equal([])
  })

  it('has every test of a call that is not passed on', () => {
    const named = (title: string): boolean => proofs.some((proof) => title.startsWith(proof.title))
    const left = [...titles].filter(([file]) => file.startsWith('flows-call-')).flatMap(([, of]) => of.filter((title) => !named(title)))
    expect(left.map((title) => title.replace(/ \(RTP numbers .*/, ''))).to.deep.equal([])
  })
})
