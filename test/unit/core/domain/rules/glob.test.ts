import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { compileGlob } from '../../../../../core/domain/rules/glob.ts'
import { runs } from '../../../../support/property-runs.ts'

/** The same question, answered slowly and plainly: which lengths of the text can the first symbols of the pattern have eaten? */
function reference(pattern: string, text: string): boolean {
  const characters = Array.from(text)
  let eaten = new Set([0])
  const symbols = Array.from(pattern)
  for (let index = 0; index < symbols.length; index += 1) {
    let symbol = symbols[index] ?? ''
    const escaped = symbol === '\\' && index + 1 < symbols.length
    if (escaped) symbol = symbols[(index += 1)] ?? ''
    const next = new Set<number>()
    for (const length of eaten) {
      if (!escaped && symbol === '*') for (let longer = length; longer <= characters.length; longer += 1) next.add(longer)
      else if (length < characters.length && ((!escaped && symbol === '?') || characters[length] === symbol)) next.add(length + 1)
    }
    // Without the escape `*` is a run; with it the star itself.
    eaten = next
  }
  return eaten.has(characters.length)
}

describe('globs', () => {
  const cases: readonly (readonly [pattern: string, matching: readonly string[], others: readonly string[]])[] = [
    ['', [''], ['a']],
    ['*', ['', 'a', '\n', 'x'.repeat(300)], []],
    ['?', ['a', 'ä', '😀', '\ud800'], ['', 'ab', '😀😀']],
    ['a*c', ['ac', 'abc', 'a*c', 'acc'], ['a', 'ab', 'abcd', 'bac']],
    ['*49*', ['49', '0049', '4949', '+49 30'], ['4', '94']],
    ['a?c*', ['abc', 'abcd'], ['ac', 'abd']],
    ['\\*\\?\\\\', ['*?\\'], ['a?\\', '**\\']],
    ['back\\', ['back\\'], ['back']],
    ['**', ['', 'a'], []],
    ['.+[a-z]$', ['.+[a-z]$'], ['xxb']],
    [`${'x'.repeat(31)}?${'y'.repeat(32)}*z`, [`${'x'.repeat(31)}!${'y'.repeat(32)}z`, `${'x'.repeat(31)}!${'y'.repeat(32)}y-z`], [`${'x'.repeat(32)}${'y'.repeat(32)}`]],
  ]
  for (const [pattern, matching, others] of cases) {
    it(`${JSON.stringify(pattern.slice(0, 12))} take what they say and nothing else`, () => {
      const { matches } = compileGlob(pattern)
      for (const text of matching) expect(matches(text), JSON.stringify(text)).to.equal(true)
      for (const text of others) expect(matches(text), JSON.stringify(text)).to.equal(false)
    })
  }

  it('say the same as a slow and plain answer', () => {
    const narrow = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\', '😀'), maxLength })
    fc.assert(fc.property(narrow(12), narrow(14), (pattern, text) => {
      expect(compileGlob(pattern).matches(text)).to.equal(reference(pattern, text))
    }), runs(3000))
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 60, maxLength: 90 }), fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 120 }), (pattern, text) => {
      expect(compileGlob(pattern).matches(text)).to.equal(reference(pattern, text))
    }), runs(300))
  })

  it('come to an end for patterns and texts that were made to hurt', () => {
    const long = 8192
    const nasty: readonly (readonly [string, string])[] = [
      ['*a'.repeat(120) + 'b', 'a'.repeat(long)],
      [`*${'a'.repeat(250)}b`, 'a'.repeat(long)],
      [`${'*?'.repeat(120)}b`, 'a'.repeat(long)],
      [`${'*ab'.repeat(80)}c`, 'ab'.repeat(long / 2)],
      [`*${'?'.repeat(200)}b*`, 'a'.repeat(long)],
    ]
    // Backtracking would take years: this test would not end.
    for (const [pattern, text] of nasty) expect(compileGlob(pattern).matches(text), pattern.slice(0, 12)).to.equal(false)
  })
})
