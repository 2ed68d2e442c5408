import { readFile } from 'node:fs/promises'
import { AriLink } from '../adapters/asterisk/ari-link.ts'
import { AriRecordingSource } from '../adapters/asterisk/ari-recording-source.ts'
import { AsteriskAdapter } from '../adapters/asterisk/asterisk-adapter.ts'
import { FreeSwitchAdapter } from '../adapters/freeswitch/freeswitch-adapter.ts'
import { DirectoryRecordingSource } from '../adapters/spool/directory-recording-source.ts'
import type { AriSettings, AsteriskSettings, FreeSwitchSettings, PbxSettings, Settings } from '../config/settings.ts'
import type { PeerChange } from '../core/capture/calls/capture-context.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import { type AttachedSchema, keysFrom } from '../core/domain/rules/attached-schema.ts'
import type { PbxAdapter, WantedData } from '../core/ports/pbx-adapter.ts'
import type { RecordingSource } from '../core/ports/recording-source.ts'
import type { Runtime } from '../core/ports/runtime.ts'

/** What the rules need to be told of calls. */
export function wantedOf(attached: AttachedSchema): WantedData {
  return { keys: keysFrom(attached, 'dialplan'), headers: attached.headers }
}

/** One switch of the settings: how it is steered, and where its files are. */
export interface Pbx {
  readonly settings: PbxSettings
  readonly adapter: PbxAdapter
  readonly source: RecordingSource
  /** Ends what the source keeps open; the adapter is ended by capture. */
  close(): Promise<void>
}

/** Opens nothing yet: links begin when capture starts. @throws HoldfastError `CONFIG_INVALID` */
export async function openPbx(settings: PbxSettings, { attached }: Pick<Settings, 'attached'>, runtime: Runtime): Promise<Pbx> {
  return settings.type === 'freeswitch' ? openFreeSwitch(settings, attached, runtime) : await openAsterisk(settings, attached, runtime)
}

/**
 * What a change of the other party needs. Asterisk loses the new party's voice where a recorder lives through it; FreeSWITCH does not.
 * Source: facts of FreeSWITCH 1.10.12 §4, nine kinds of transfers
 */
export function peerChangeOf(pbx: PbxSettings): PeerChange {
  return pbx.type === 'freeswitch' || pbx.transferFault === 'ignore' ? 'continue' : 'segment'
}

/** What FreeSWITCH's recorder brings the sound to, whatever the telephones speak. */
const SAMPLE_RATES_HZ = { wav: 8_000, wav16: 16_000 } as const

function openFreeSwitch(settings: FreeSwitchSettings, attached: AttachedSchema, runtime: Runtime): Pbx {
  const { id, esl, recordingDirectory, spoolFormat, spool } = settings
  const source = new DirectoryRecordingSource(spool.path)
  const adapter = new FreeSwitchAdapter({ pbxId: id, esl, recordingDirectory, spool: source, sampleRateHz: SAMPLE_RATES_HZ[spoolFormat], wanted: wantedOf(attached), runtime, random: Math.random })
  return { settings, adapter, source, close: async () => await Promise.resolve() }
}

async function openAsterisk(settings: AsteriskSettings, attached: AttachedSchema, runtime: Runtime): Promise<Pbx> {
  const { id, ami, recordingDirectory, spoolFormat } = settings
  const tls = ami.tls === null ? null : { ca: await pem(ami.tls.caFile), serverName: ami.tls.serverName }
  const adapter = new AsteriskAdapter({ pbxId: id, ami: { ...ami, tls }, recordingDirectory, spoolFormat, wanted: wantedOf(attached), eventFilter: 'own', runtime, random: Math.random })
  if (settings.spool.type === 'directory') return { settings, adapter, source: new DirectoryRecordingSource(settings.spool.path), close: async () => await Promise.resolve() }
  if (settings.ari === null) throw new HoldfastError('CONFIG_INVALID', `pbx ${id}: spool.type ari needs the section ari`, { pbx: id })
  return { settings, adapter, ...await remoteSpool(settings.ari, runtime) }
}

async function remoteSpool({ url, username, password, caFile }: AriSettings, { clock }: Runtime): Promise<Pick<Pbx, 'source' | 'close'>> {
  const endpoint = { url, username, password, ca: await pem(caFile) }
  const link = new AriLink(endpoint)
  return { source: new AriRecordingSource({ link, endpoint, clock }), close: () => link[Symbol.asyncDispose]() }
}

async function pem(file: string | null): Promise<string | null> {
  return file === null ? null : await readFile(file, 'utf8')
}
