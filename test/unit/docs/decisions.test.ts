import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'

const FOLDER = join(import.meta.dirname, '../../../core/decisions')
const RECORD = /^([0-9]{4})-[a-z0-9-]+\.md$/

describe('the index of decisions', () => {
  const records = readdirSync(FOLDER).filter((file) => file !== 'README.md').toSorted()

  it('names every record once, by its number', () => {
    const index = readFileSync(join(FOLDER, 'README.md'), 'utf8')
    const named = [...index.matchAll(/\[([0-9]{4})\]\(([^)]+)\)/g)].map(([, number = '', file = '']) => ({ number, file }))
    expect(named.map(({ file }) => file).toSorted()).to.deep.equal(records)
    for (const { number, file } of named) expect(RECORD.exec(file)?.[1], file).to.equal(number)
  })

  it('has no number twice, and leaves none out', () => {
    expect(records.map((file) => RECORD.exec(file)?.[1])).to.deep.equal(records.map((_, index) => String(index + 1).padStart(4, '0')))
  })
})
