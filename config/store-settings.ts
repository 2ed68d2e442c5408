import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseStoreName, type StoreName } from '../core/domain/ids.ts'
import { across, existingFile, host, isLoopback, type Loose, parsed, path, secretFile, secretText, section, type Tell, text } from './leaves.ts'
import { oneSecret, secretOf } from './secrets.ts'

/** A bucket of an S3 service. */
export interface S3StoreSettings {
  readonly type: 's3'
  /** Scheme, host and port. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  /** Empty, or ends in a slash. */
  readonly prefix: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Certificate authorities, PEM; `null`: those of the system. */
  readonly caPem: string | null
}

export type StoreSettings = { readonly type: 'directory'; readonly path: string } | S3StoreSettings
export type NamedStoreSettings = StoreSettings & { readonly name: StoreName }

const ENDPOINT_ALLOWED = 'an http or https URL of scheme, host and port'
const BUCKET_ALLOWED = 'the name of a bucket: 3 to 63 of a-z 0-9 . -'
const PREFIX_ALLOWED = 'up to 200 of 0-9 A-Z a-z . _ - and /, without . and .. alone, ending in /, or nothing'

/** Source: Amazon S3 user guide, "General purpose bucket naming rules" */
const bucket = z.string({ error: BUCKET_ALLOWED }).regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/).meta({ allowed: BUCKET_ALLOWED })
/** It becomes a path of a URL, where `..` would lead into another bucket. */
const prefix = z.string({ error: PREFIX_ALLOWED }).max(200).regex(/^(?:(?!\.{1,2}\/)[0-9A-Za-z._-]+\/)*$/).meta({ allowed: PREFIX_ALLOWED })

const s3 = {
  endpoint: z.string({ error: ENDPOINT_ALLOWED }).max(300).refine((value) => originOf(value) !== null).meta({ allowed: ENDPOINT_ALLOWED }).describe('The service; the bucket is addressed by path.'),
  bucket: bucket.describe('The bucket; it must be there. It holds ciphertext only.'),
  region: text.max(64).default('us-east-1').describe('The region that requests are signed for; services of one\'s own have any.'),
  prefix: prefix.default('').describe('Put before each name, such as `holdfast/`: for a bucket that others use too.'),
  accessKeyId: text.max(128).describe('The access key\'s id. It needs GetObject, PutObject, DeleteObject, ListBucket, AbortMultipartUpload, and DeleteObjectVersion where the bucket keeps versions.'),
  secretKey: secretText.optional().describe('Its secret.'),
  secretKeyFile: secretFile.optional().describe('A file that holds the secret and nothing else.'),
  caFile: existingFile.nullable().default(null).describe('Certificate authority of an https endpoint; null: those of the system.'),
  allowPlaintextTo: host.nullable().default(null).describe('Names the one remote host to which http without TLS may go. What is sent is sealed; names and times of recordings are not.'),
}

const name = parsed('1 to 16 of a-z 0-9 -, beginning with a letter', parseStoreName).describe('Names the store; it is part of the names of what lies there. Never change it while anything does.')

export const objectsSchema = z.discriminatedUnion('type', [
  section({
    type: z.literal('directory').describe('Sealed recordings as files.'),
    path: path.optional().meta({ description: 'The folder; it holds ciphertext only.', defaultText: '`objects` in the data directory' }),
  }),
  section({ type: z.literal('s3').describe('Sealed recordings in a bucket of an S3 service (docs/archive.md).'), ...s3 }).check(across(checkS3)),
], { error: 'directory, s3' })

export const storeSchema = z.discriminatedUnion('type', [
  section({
    type: z.literal('directory').optional().meta({ description: 'A folder, which may be a mounted one.', defaultText: '`directory`' }),
    name,
    path: path.describe('The folder; it holds ciphertext only.'),
  }),
  section({ type: z.literal('s3').describe('A bucket of an S3 service (docs/archive.md).'), name, ...s3 }).check(across(checkS3)),
], { error: 'directory, s3' })

export function objectsOf(objects: z.output<typeof objectsSchema>, dataDirectory: string): StoreSettings {
  return objects.type === 's3' ? s3Of(objects) : { type: 'directory', path: objects.path ?? join(dataDirectory, 'objects') }
}

export function storeOf(store: z.output<typeof storeSchema>): NamedStoreSettings {
  return store.type === 's3' ? { name: parseStoreName(store.name), ...s3Of(store) } : { name: parseStoreName(store.name), type: 'directory', path: store.path }
}

function s3Of({ endpoint, bucket: of, region, prefix: before, accessKeyId, secretKey, secretKeyFile, caFile }: z.output<z.ZodObject<typeof s3>>): S3StoreSettings {
  return {
    type: 's3', endpoint: new URL(endpoint).origin, bucket: of, region, prefix: before, accessKeyId,
    secretAccessKey: secretOf(secretKey, secretKeyFile), caPem: caFile === null ? null : readFileSync(caFile, 'utf8'),
  }
}

function checkS3(value: Loose, tell: Tell): void {
  oneSecret(value, 'secretKey', tell)
  const url = typeof value['endpoint'] === 'string' ? originOf(value['endpoint']) : null
  if (url?.protocol !== 'http:') return
  const named = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (!isLoopback(named) && value['allowPlaintextTo'] !== named) tell(['endpoint'], `http to the remote host ${named} is refused: use https, or name the host in \`allowPlaintextTo\``)
}

function originOf(value: string): URL | null {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return null
  const url = new URL(value)
  return url.origin === value.replace(/\/$/, '') ? url : null
}
