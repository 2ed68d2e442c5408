import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { dirname, join, normalize } from 'node:path'

/**
 * Who may import whom (house style §5), as folders of this repository. A file may always import its own folder.
 * `npm`: packages and Node's own modules beyond `node:`; `node`: Node's own modules only.
 */
const LAYERS: readonly { readonly folder: string; readonly may: readonly string[]; readonly packages: 'npm' | 'node' | readonly string[] }[] = [
  { folder: 'core/domain', may: [], packages: ['node:crypto'] },
  { folder: 'core/ports', may: ['core/domain'], packages: [] },
  ...['capture', 'ingest', 'library', 'retention'].map((name) => ({ folder: `core/${name}`, may: ['core/domain', 'core/ports'], packages: 'node' as const })),
  { folder: 'core/crypto', may: ['core/domain', 'core/ports'], packages: 'npm' },
  { folder: 'core/store', may: ['core/domain', 'core/ports'], packages: 'npm' },
  { folder: 'adapters/wire', may: ['core/domain', 'core/ports'], packages: 'npm' },
  { folder: 'adapters/asterisk', may: ['core/domain', 'core/ports', 'adapters/wire'], packages: 'npm' },
  { folder: 'adapters/freeswitch', may: ['core/domain', 'core/ports', 'adapters/wire'], packages: 'npm' },
  { folder: 'adapters/checkpoints', may: ['core/domain', 'core/ports', 'adapters/wire'], packages: 'npm' },
  { folder: 'adapters/nodes', may: ['core/domain', 'core/ports', 'adapters/wire'], packages: 'npm' },
  { folder: 'adapters/spool', may: ['core/domain', 'core/ports', 'adapters/wire'], packages: 'npm' },
  { folder: 'adapters/phone', may: ['core/domain', 'adapters/wire'], packages: 'npm' },
  { folder: 'graphql', may: ['core/domain', 'core/ports', 'core/library', 'core/capture', 'core/retention'], packages: 'npm' },
  { folder: 'config', may: ['core/domain'], packages: 'npm' },
  { folder: 'cli', may: ['core', 'adapters', 'graphql', 'config'], packages: 'npm' },
  { folder: 'test', may: ['core', 'adapters', 'graphql', 'config', 'cli'], packages: 'npm' },
]

/**
 * Folders of core/capture, each of which may use those that stand before it, and none beside it. Types are exempt: the context that all
 * of them share names its parts.
 */
const CAPTURE_FLOORS: readonly (readonly string[])[] = [['calls'], ['people'], ['rules'], ['recorders'], ['pauses', 'ledger', 'control']]

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], { encoding: 'utf8' }).split('\n').filter(Boolean)
const faults = [faultsOf, faultsWithinCapture].flatMap((check) => files.flatMap(check))
for (const fault of faults) console.error(fault)
if (faults.length > 0) {
  console.error(`${faults.length} imports cross a layer (house rules: test/support/check-layers.ts)`)
  process.exitCode = 1
}

function faultsOf(file: string): readonly string[] {
  const layer = LAYERS.find((candidate) => within(file, candidate.folder))
  if (layer === undefined) return [`${file}: belongs to no layer`]
  const source = readFileSync(file, 'utf8')
  return imports(source)
    .filter((specifier) => !allowed(layer, file, specifier))
    .map((specifier) => `${file}: ${layer.folder} may not import ${specifier}`)
}

function allowed(layer: (typeof LAYERS)[number], file: string, specifier: string): boolean {
  if (specifier.startsWith('.')) {
    const target = normalize(join(dirname(file), specifier))
    return within(target, layer.folder) || layer.may.some((folder) => within(target, folder)) || target === 'package.json'
  }
  if (layer.packages === 'npm') return true
  return layer.packages === 'node' ? specifier.startsWith('node:') : layer.packages.includes(specifier)
}

function faultsWithinCapture(file: string): readonly string[] {
  const own = captureFolder(file)
  if (own === null) return []
  const floor = CAPTURE_FLOORS.findIndex((folders) => folders.includes(own))
  if (floor === -1) return [`${file}: ${own} stands on no floor of core/capture`]
  return imports(readFileSync(file, 'utf8').replace(/^import type .*$/gm, ''))
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ specifier, target: normalize(join(dirname(file), specifier)) }))
    .filter(({ target }) => within(target, 'core/capture') && !within(target, `core/capture/${own}`) && !CAPTURE_FLOORS.slice(0, floor).flat().includes(captureFolder(target) ?? ''))
    .map(({ specifier }) => `${file}: ${own} may not use ${specifier}`)
}

/** `null` for what is not in a folder of core/capture: the service that joins them all. */
function captureFolder(path: string): string | null {
  return /^core\/capture\/([^/]+)\//.exec(path)?.[1] ?? null
}

function imports(source: string): readonly string[] {
  return [...source.matchAll(/^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm)].map((match) => match[1] ?? match[2] ?? '')
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
