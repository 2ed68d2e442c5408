import { join } from 'node:path'
import { expect } from 'chai'
import { AsteriskAdapter } from '../../../adapters/asterisk/asterisk-adapter.ts'
import { asteriskConfigSnippets } from '../../../adapters/asterisk/pbx-config.ts'
import { findOrProvisionAsterisk } from '../../../cli/lab/find-asterisk.ts'
import { PrivateAsterisk } from '../../../cli/lab/private-asterisk.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import { longestSilenceMs } from '../audio/exact-silence.ts'
import { readMonoWav } from '../audio/read-wav.ts'
import { until } from '../hooks.ts'
import { quietRuntime } from '../quiet-runtime.ts'
import { HeardEvents } from './heard-events.ts'
import { type CallPlan, SUBJECT_KEYS, type SubjectCall } from './pbx-subject.ts'
import { contractExtensions, FEATURES, HOLDFAST_CONF, QUEUES, ROUTES } from './real-asterisk-plan.ts'
import { openParts, RealSubject, TELEPHONES } from './real-subject.ts'

export const USER = { name: 'holdfast', secret: 'of-the-contract' } as const

/** A private Asterisk with Holdfast's dialplan, with the rights and the filter that we print, and three telephones. */
export class RealAsteriskSubject extends RealSubject<PrivateAsterisk> {
  static async open(): Promise<RealAsteriskSubject> {
    return new RealAsteriskSubject(await openParts(startAsterisk, ({ amiPort }) => amiPort))
  }

  /** What a service would be connected to, past the proxy. */
  get amiPort(): number {
    return this.pbx.amiPort
  }

  override service(port = this.proxyPort): HeardEvents {
    return new HeardEvents(new AsteriskAdapter({
      pbxId: parsePbxId('contract'),
      ami: { host: '127.0.0.1', port, username: USER.name, secret: USER.secret, tls: null },
      recordingDirectory: join(this.pbx.spoolDirectory, 'recording'),
      spoolFormat: 'wav', wanted: { keys: SUBJECT_KEYS, headers: new Map() }, eventFilter: 'own', runtime: quietRuntime(), random: Math.random,
    }))
  }

  override async call({ attached }: CallPlan = { attached: 'nothing' }): Promise<SubjectCall> {
    return await this.dial(ROUTES[attached])
  }

  protected override async clear(): Promise<void> {
    await this.pbx.cli('channel request hangup all')
    await until(async () => expect(await this.pbx.cli('core show channels count')).to.match(/^0 active channels/m))
    await this.pbx.cli('database deltree holdfast')
  }

  override async silencedMs({ received, transmitted }: SegmentFiles): Promise<number> {
    const below = join(this.pbx.spoolDirectory, 'recording')
    const lanes = await Promise.all([received, transmitted].map((file) => readMonoWav(join(below, file))))
    return longestSilenceMs(lanes, 2000)
  }
}

async function startAsterisk(directory: string): Promise<PrivateAsterisk> {
  const installation = await findOrProvisionAsterisk({ cacheDir: join(import.meta.dirname, '../../../.cache/asterisk'), report: (line) => console.error(`      ${line}`) })
  const snippets = asteriskConfigSnippets({
    ami: { username: USER.name, secret: USER.secret, from: '127.0.0.1/255.255.255.255' },
    ari: null, recordingDirectory: join(directory, 'spool/recording'), attachedKeys: SUBJECT_KEYS, sipHeaders: new Map(),
  })
  const manager = snippets['manager.conf'].replace(/^; in \[general\]:[\s\S]*?(?=\n\[)/, '')
  return await PrivateAsterisk.start({
    installation, directory,
    extensions: `[globals]\n${snippets['extensions.conf']}\n${contractExtensions()}`,
    includeFiles: [HOLDFAST_CONF],
    phones: TELEPHONES.map((name) => ({ name, context: 'calls', address: null, password: null, entries: [] })),
    append: { 'queues.conf': QUEUES, 'features.conf': FEATURES, 'manager.conf': manager },
  })
}
