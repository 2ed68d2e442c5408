import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { VERIFIER_FUNCTIONS } from './package-verify.ts'

/**
 * The page that verifies a package in a browser, without a network: one file. It runs the very functions that the command runs, and nothing
 * else: its policy names the digest of its one script. Source: CSP Level 3 §8.4
 */
export function verifyPage(): string {
  const page = readFileSync(new URL('package-page.html', import.meta.url), 'utf8')
    // Not as a replacement text, in which $ would mean something.
    .replace('/*VERIFIER*/', () => VERIFIER_FUNCTIONS.map(String).join('\n'))
  return page.replace('%SCRIPT%', () => digestWithin(page, 'script')).replace('%STYLE%', () => digestWithin(page, 'style'))
}

function digestWithin(page: string, element: 'script' | 'style'): string {
  const text = page.slice(page.indexOf(`<${element}>`) + element.length + 2, page.indexOf(`</${element}>`))
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
