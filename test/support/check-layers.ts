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
  { folder: 'adapters/spool', may: ['core/domain', 'core/ports', 'adapters/wire'], packages: 'npm' },
  { folder: 'adapters/phone', may: ['core/domain', 'adapters/wire'], packages: 'npm' },
  { folder: 'graphql', may: ['core/domain', 'core/ports', 'core/library', 'core/capture', 'core/retention'], packages: 'npm' },
  { folder: 'config', may: ['core/domain'], packages: 'npm' },
  { folder: 'cli', may: ['core', 'adapters', 'graphql', 'config'], packages: 'npm' },
  { folder: 'test', may: ['core', 'adapters', 'graphql', 'config', 'cli'], packages: 'npm' },
]

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], { encoding: 'utf8' }).split('\n').filter(Boolean)
const faults = files.flatMap((file) => faultsOf(file))
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

function imports(source: string): readonly string[] {
  return [...source.matchAll(/^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm)].map((match) => match[1] ?? match[2] ?? '')
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
