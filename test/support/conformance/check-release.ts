import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exit } from 'node:process'
import { releaseFaults } from './conformance-table.ts'
import { committedTrees, lastChange, uncommitted } from './git-trees.ts'

/** Fails when test/CONFORMANCE.md is older than the last change of what it is about: `npm run check:release`. */
const page = readFileSync(join(import.meta.dirname, '../../CONFORMANCE.md'), 'utf8')
const dirty = uncommitted()
const faults = [...releaseFaults(page, committedTrees()), ...(dirty === '' ? [] : [`not committed:\n${dirty}`])]
if (faults.length > 0) {
  console.error(`test/CONFORMANCE.md does not stand for a release:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nThe last change: ${lastChange()}\nRun \`npm run conformance\` where both switches are at hand.`)
  exit(1)
}
console.error('test/CONFORMANCE.md is of what is released.')
