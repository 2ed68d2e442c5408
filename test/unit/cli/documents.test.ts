import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'mocha'

const ROOT = join(import.meta.dirname, '../../..')
const DOCUMENTS = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter((name) => name !== '' && existsSync(join(ROOT, name)))
const FOLDERS = /^(?:adapters|cli|config|core|dialplan|docker|docs|graphql|test)\/[\w./-]+$/

describe('the documents', () => {
  for (const name of DOCUMENTS) {
    const text = readFileSync(join(ROOT, name), 'utf8')

    it(`link to what is there: ${name}`, () => {
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '').filter((link) => !/^(?:[a-z]+:|#)/.test(link))
      expect(links.filter((link) => !existsSync(join(ROOT, dirname(name), link.replace(/#.*$/, ''))))).to.deep.equal([])
    })

    it(`name files that are there: ${name}`, () => {
      const paths = [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? '').filter((path) => FOLDERS.test(path) && !path.includes('*'))
      const folder = dirname(name)
      expect(paths.filter((path) => ![path, `${path}.ts`, join(folder, path), join(folder, `${path}.ts`)].some((at) => existsSync(join(ROOT, at))))).to.deep.equal([])
    })
  }

  it('number each decision once', () => {
    const numbers = DOCUMENTS.flatMap((name) => /^core\/decisions\/(\d{4})-/.exec(name)?.[1] ?? [])
    expect(numbers).to.have.length.above(0)
    expect(numbers).to.deep.equal([...new Set(numbers)])
  })
})
