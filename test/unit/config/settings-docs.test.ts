import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { settingsJsonSchema, settingsMarkdown } from '../../../config/settings-docs.ts'
import { settingsSchema } from '../../../config/settings-schema.ts'

describe('the documents of the settings', () => {
  for (const [name, text] of [['settings.md', settingsMarkdown(settingsSchema)], ['settings.schema.json', settingsJsonSchema(settingsSchema)]] as const) {
    it(`are fresh: docs/${name} (else run \`node config/write-docs.ts\`)`, () => {
      expect(readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')).to.equal(text)
    })
  }

  it('give a reason for every setting', () => {
    const rows = settingsMarkdown(settingsSchema).split('\n').filter((line) => line.startsWith('| `'))
    expect(rows).to.have.length.above(50)
    expect(rows.filter((row) => /\|\s*\|$/.test(row))).to.deep.equal([])
  })
})
