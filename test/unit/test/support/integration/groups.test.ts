import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { grouped, SIDE_BY_SIDE } from '../../../../support/integration/groups.ts'

const FILES = globSync('test/integration/**/*.test.ts')

/** A file and all that it uses, types apart. */
function usedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const source = readFileSync(file, 'utf8').replace(/^import type .*$/gm, '')
  for (const [, specifier = ''] of source.matchAll(/^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?'(\.[^']+)'/gm)) usedBy(normalize(join(dirname(file), specifier)), seen)
  return seen
}

function using(names: readonly string[], sign: RegExp): readonly string[] {
  return names.filter((name) => [...usedBy(`test/integration/${name}.test.ts`)].some((used) => sign.test(used)))
}

describe('the groups of integration files', () => {
  it('have each file in exactly one of them', () => {
    const groups = Object.values(grouped(FILES)).flat()
    expect(groups.toSorted()).to.deep.equal(FILES.toSorted())
    expect(new Set(groups).size).to.equal(groups.length)
  })

  it('name no file that is not there', () => {
    for (const name of Object.values(SIDE_BY_SIDE).flat()) expect(FILES).to.include(`test/integration/${name}.test.ts`)
  })

  it('keep the files that listen out of those that are said not to', () => {
    expect(using([...SIDE_BY_SIDE['without a PBX'], ...SIDE_BY_SIDE['without sound']], /test\/support\/audio\/(?!samples-per-ms)|find-sound/)).to.deep.equal([])
  })

  it('say of no file that it is without a PBX that starts one', () => {
    expect(using(SIDE_BY_SIDE['without a PBX'], /private-(?:asterisk|freeswitch)\.ts$/)).to.deep.equal([])
  })

  it('let a file that nobody has named run alone', () => {
    expect(grouped(['test/integration/new.test.ts'])).to.deep.equal({ 'side by side': [], alone: ['test/integration/new.test.ts'] })
  })
})
