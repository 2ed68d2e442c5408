import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { DEFAULT_CUSTOMER_ID_KEY, DEFAULT_INTERACTION_TYPE_KEY } from '../core/domain/audit/audit-words.ts'
import { across, existingFile, host, isLoopback, path, port, secretFile, section, wholeNumber } from './leaves.ts'
import { ATTACHED_KEY } from './policy/attached-key-schema.ts'

const URL_ALLOWED = 'an http or https URL without user or password'

const syslog = z.discriminatedUnion('transport', [
  section({
    transport: z.literal('udp').describe('A server over UDP (RFC 5426): nothing says whether a line arrived.'),
    host: host.describe('Its address.'),
    port: port.default(514).describe('Its port.'),
  }),
  section({
    transport: z.literal('tcp').describe('A server over TCP (RFC 6587, octet counting).'),
    host: host.describe('Its address.'),
    port: port.default(601).describe('Its port.'),
  }),
  section({
    transport: z.literal('socket').describe('A stream socket on this machine.'),
    path: path.describe('Where it lies.'),
  }),
], { error: 'udp, tcp or socket' })

const webhook = section({
  url: z.string({ error: URL_ALLOWED }).max(1024).refine((value) => webhookUrl(value) !== null).meta({ allowed: URL_ALLOWED }).describe('Where each checkpoint is sent to with POST, as JSON; any answer but 2xx is a failure.'),
  tokenFile: secretFile.nullable().default(null).describe('A file with a token that is sent as `Authorization: Bearer`; null: none.'),
  caFile: existingFile.nullable().default(null).describe('Certificate authority of an https URL; null: those of the system.'),
  allowPlaintextTo: host.nullable().default(null).describe('Names the one remote host to which http without TLS may go. Checkpoints hold hashes and names of nodes only, and are signed.'),
}).check(across((value, tell) => {
  const url = typeof value['url'] === 'string' ? webhookUrl(value['url']) : null
  if (url?.protocol !== 'http:') return
  const named = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (!isLoopback(named) && value['allowPlaintextTo'] !== named) tell(['url'], `http to the remote host ${named} is refused: use https, or name the host in \`allowPlaintextTo\``)
}))

/** The audit and what proves it. */
export const auditSchema = section({
  customerIdKey: ATTACHED_KEY.nullable().default(DEFAULT_CUSTOMER_ID_KEY).describe('The key of the attached data by which the audit names a customer: entries are found by it, and erased by it. null: none does.'),
  interactionTypeKey: ATTACHED_KEY.nullable().default(DEFAULT_INTERACTION_TYPE_KEY).describe('The key that says of what kind a conversation is. null: none does.'),
  keyFile: path.optional().meta({ description: 'The key that signs this node\'s checkpoints (Ed25519). Made at the first start, readable by its owner only.', defaultText: '`keys/audit.key` in the data directory' }),
  everyEntries: wholeNumber(null, 1, 1_000_000).default(1000).describe('A checkpoint is signed after so many entries.'),
  everyMs: wholeNumber('milliseconds', 1000, 86_400_000).default(300_000).describe('And after this time, where there is any new entry. What an intruder writes anew within it, no checkpoint shows.'),
  checkpointFile: path.nullable().default(null).describe('A file to which each checkpoint is appended: on a medium or share that whoever administers this machine does not. null: none.'),
  syslog: syslog.nullable().default(null).describe('A syslog server (RFC 5424) to which each checkpoint is sent; null: none.'),
  webhook: webhook.nullable().default(null).describe('An address to which each checkpoint is posted; null: none.'),
})

/** The audit's settings as the program uses them. */
export interface AuditSettings {
  readonly customerIdKey: string | null
  readonly interactionTypeKey: string | null
  readonly keyFile: string
  readonly everyEntries: number
  readonly everyMs: number
  readonly checkpointFile: string | null
  readonly syslog: { readonly transport: 'udp' | 'tcp'; readonly host: string; readonly port: number } | { readonly transport: 'socket'; readonly path: string } | null
  readonly webhook: { readonly url: URL; readonly token: string | null; readonly caPem: string | null } | null
}

export function auditSettingsOf({ webhook: hook, keyFile, ...audit }: z.output<typeof auditSchema>, dataDirectory: string): AuditSettings {
  return { ...audit, keyFile: keyFile ?? join(dataDirectory, 'keys', 'audit.key'), webhook: hook === null ? null : webhookOf(hook) }
}

function webhookOf({ url, tokenFile, caFile }: z.output<typeof webhook>): NonNullable<AuditSettings['webhook']> {
  return {
    url: new URL(url),
    token: tokenFile === null ? null : readFileSync(tokenFile, 'utf8').replace(/\r?\n$/, ''),
    caPem: caFile === null ? null : readFileSync(caFile, 'utf8'),
  }
}

function webhookUrl(text: string): URL | null {
  const url = URL.parse(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' && url.hash === '' ? url : null
}
