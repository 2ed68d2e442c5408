import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { goDeep } from '../../support/property-runs.ts'

/** What the unit suite tries a little of is tried at length here: the same tests, collected once more. */
const UNIT = join(import.meta.dirname, '../../unit')
/** Imports what knows of depth, or a contract that does. */
const KNOWS_DEPTH = /property-runs\.ts'|(?:cipher\.contract|store-contracts)\.ts'/

goDeep()
const files = readdirSync(UNIT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts') && KNOWS_DEPTH.test(readFileSync(join(UNIT, name), 'utf8')))
if (files.length === 0) throw new Error('no unit test has a deep form')
for (const name of files.toSorted()) await import(pathToFileURL(join(UNIT, name)).href)
