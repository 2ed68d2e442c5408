import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { verifiedBy } from '../../core/crypto/ed25519-signer.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { parseRecordingId } from '../../core/domain/ids.ts'
import type { BlobStore } from '../../core/ports/blob-store.ts'
import { checkObjects, drawn, type FoundFault, type ManifestReading, readManifest } from '../../core/retention/verify-archive.ts'
import { type ConsoleStore, openConsoleStore } from '../console-store.ts'
import { unreadable } from '../file-trouble.ts'
import { openBlobs } from '../open-blobs.ts'
import { ProgressBar } from '../progress-bar.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
MANIFEST is a file, or the manifest's name in the archive as the retention run told it (cold.0.….manifest). Checks the signature, then
reads the objects of every recording that it lists, or of a sample, and compares their digests. What was destroyed since by an order
is counted apart; a header that a rotation of keys replaced is, too. Nothing is opened, and no identity is needed.
With --key it must be signed with that key, which \`holdfast receipt key\` prints; without, with the key that it brings along itself.
Ends with 1 when anything is wrong.

Examples:
  holdfast archive verify cold.0.00c0ffee00c0ffee.manifest
  holdfast archive verify manifest.jsonl --sample 200 --key receipts-verify.pem --json`

const MAX_SAMPLE = 10_000_000
/** Recordings that are named when something is wrong; the others are counted. */
const MAX_NAMED = 20

interface VerifyOptions extends ConfigOption, JsonOption {
  readonly sample?: number
  readonly key?: string
}

export function addArchive(program: Command, context: CommandContext): void {
  program.command('archive').description('recordings that were moved to the archive')
    .command('verify')
    .description('check a manifest, its signature and the objects that it lists')
    .argument('<manifest>', 'a file, or a name in the archive')
    .addOption(new Option('--sample <count>', 'read the objects of so many recordings, drawn over all of them').argParser(parseSample))
    .option('--key <file>', 'the verification key, as `receipt key` printed it')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (manifest: string, options: VerifyOptions) => {
      const result = await verify(manifest, options)
      context.terminal.out(options.json === true ? JSON.stringify(result, null, 2) : textOf(result))
      if (result.signature !== 'good' || result.faults.length > 0) context.fail()
    })
}

interface ArchiveResult {
  readonly signature: ManifestReading['signature']
  readonly keyId: string
  readonly recordings: number
  readonly checked: number
  /** Destroyed by an order since it was archived. */
  readonly destroyed: number
  readonly rotated: number
  readonly faults: readonly FoundFault[]
}

async function verify(manifest: string, { config, sample, key }: VerifyOptions): Promise<ArchiveResult> {
  const settings = loadSettingsDespitePolicy(config)
  const { blobs } = openBlobs(settings)
  const keyPem = key === undefined ? null : await keyIn(key)
  const { signature, keyId, entries } = await readManifest(linesOf(manifest, settings, blobs), { keyPem, verify: verifiedBy })
  const looked = drawn(entries, sample ?? entries.length, Math.random)
  await using store = await openConsoleStore(settings)
  using bar = new ProgressBar('verify')
  const result = { destroyed: 0, rotated: 0, faults: [] as FoundFault[] }
  for (const [index, entry] of looked.entries()) {
    const { faults, rotated } = await checkObjects(blobs, entry)
    if (rotated) result.rotated += 1
    if (faults.length > 0 && await wasDestroyed(store, entry.recordingId)) result.destroyed += 1
    else result.faults.push(...faults)
    bar.show(index + 1, looked.length)
  }
  return { signature, keyId, recordings: entries.length, checked: looked.length, ...result }
}

async function wasDestroyed({ destructions }: ConsoleStore, recordingId: string): Promise<boolean> {
  return await destructions.find(parseRecordingId(recordingId)) !== null
}

async function keyIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** Opened when its first line is asked for: a reader of lines that waits for its listener drops what it has read meanwhile. Source: Node readline, `rl[Symbol.asyncIterator]()` */
async function* linesOf(manifest: string, { stores }: Pick<Settings, 'stores'>, blobs: BlobStore): AsyncGenerator<string, void, undefined> {
  const isFile = await stat(manifest).then((found) => found.isFile(), () => false)
  if (isFile) {
    yield* createInterface({ input: createReadStream(manifest), crlfDelay: Infinity })
    return
  }
  const [store = ''] = manifest.split('.')
  if (isManifestName(manifest) && !stores.some(({ name }) => name === store)) throw new HoldfastError('CONFIG_INVALID', `${manifest}: there is no such file, and the settings name no store ${store} that would hold such a manifest`, { manifest })
  const blob = isManifestName(manifest) ? await blobs.open(manifest) : null
  if (blob === null) throw new HoldfastError('CONFIG_INVALID', `${manifest}: there is no such file, and no such manifest in the archive`, { manifest })
  yield* createInterface({ input: Readable.from(blob.read(0, blob.sizeBytes)), crlfDelay: Infinity })
}

function isManifestName(text: string): boolean {
  return /^[a-z][0-9a-z-]{0,15}\.0\.[0-9a-f]{16}\.manifest$/.test(text)
}

function textOf({ signature, keyId, recordings, checked, destroyed, rotated, faults }: ArchiveResult): string {
  const signed = { good: `good: signed with key ${keyId}, not changed since`, broken: 'BROKEN: it was changed or cut after it was signed', 'of-another-key': `BROKEN: it is signed with another key, ${keyId}` }[signature]
  return [
    `manifest   ${signed}`,
    `recordings ${recordings} listed, ${checked} read: ${checked - destroyed - new Set(faults.map(({ recordingId }) => recordingId)).size} whole, ${destroyed} destroyed by order since, ${rotated} with newer keys`,
    ...faults.slice(0, MAX_NAMED).map(({ recordingId, fault }) => `BROKEN     ${recordingId}: ${fault}`),
    ...(faults.length > MAX_NAMED ? [`           and ${faults.length - MAX_NAMED} more`] : []),
  ].join('\n')
}

function parseSample(text: string): number {
  const size = /^[1-9][0-9]{0,7}$/.test(text) ? Number(text) : 0
  if (size < 1 || size > MAX_SAMPLE) throw new InvalidArgumentError(`A number from 1 to ${MAX_SAMPLE}.`)
  return size
}
