import { execFileSync } from 'node:child_process'

/** What the table is about. */
export const FOLDERS = ['adapters', 'core/capture'] as const

/** Git's names of what is in the folders as it was committed: equal names, equal contents, whatever was rebased. */
export function committedTrees(): Readonly<Record<string, string>> {
  return Object.fromEntries(FOLDERS.map((folder) => [folder, git('rev-parse', `HEAD:${folder}`)]))
}

/** What is not committed below the folders. */
export function uncommitted(): string {
  return git('status', '--porcelain', '--', ...FOLDERS)
}

/** A rebase makes commits anew: what ran before it may have been of something else. */
export function lastChangeAt(): Date {
  return new Date(git('log', '-1', '--format=%cI', '--', ...FOLDERS))
}

export function lastChange(): string {
  return git('log', '-1', '--format=%h of %cI: %s', '--', ...FOLDERS)
}

function git(...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: import.meta.dirname.replace(/test\/support\/conformance$/, ''), encoding: 'utf8' }).trim()
}
