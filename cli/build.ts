import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** `npm run build`: JavaScript for installation in `dist`, because Node runs no TypeScript below node_modules. */
const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')
const SOURCES = ['adapters', 'core', 'graphql', 'config', 'cli', 'dialplan'] as const
/** Read while the service runs, or included by a PBX. */
const ASSETS = ['.graphql', '.conf', '.xml', '.yaml', '.html'] as const
const EXECUTABLE = 0o755

rmSync(DIST, { recursive: true, force: true })
compile()
const copied = SOURCES.filter((folder) => existsSync(join(ROOT, folder))).flatMap(copyAssets)
chmodSync(join(DIST, 'cli/main.js'), EXECUTABLE)
console.error(`dist: compiled, ${copied.length} other files copied`)

function compile(): void {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, 'tsconfig.build.json')], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`tsc ended with status ${status}`)
}

function copyAssets(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  const assets = names.filter((name) => ASSETS.some((ending) => name.endsWith(ending)) && statSync(join(ROOT, name)).isFile())
  for (const name of assets) cpSync(join(ROOT, name), join(DIST, name))
  return assets
}
