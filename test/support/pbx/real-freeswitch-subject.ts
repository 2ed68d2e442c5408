import { expect } from 'chai'
import { join } from 'node:path'
import type { EslEndpoint } from '../../../adapters/freeswitch/esl-connection.ts'
import { FreeSwitchAdapter } from '../../../adapters/freeswitch/freeswitch-adapter.ts'
import { DirectoryRecordingSource } from '../../../adapters/spool/directory-recording-source.ts'
import type { FreeSwitchInstallation } from '../../../cli/lab/freeswitch-launch.ts'
import { PrivateFreeSwitch } from '../../../cli/lab/private-freeswitch.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import { longestSilenceMs } from '../audio/exact-silence.ts'
import { readWav } from '../audio/read-wav.ts'
import { DIALPLAN_FILES } from '../freeswitch-bench.ts'
import { until } from '../hooks.ts'
import { quietRuntime } from '../quiet-runtime.ts'
import { HeardEvents } from './heard-events.ts'
import { ATTACHED_KINDS, type CallPlan, CHANGED_KEY, CHANGED_VALUE, SUBJECT_KEYS, type SubjectCall } from './pbx-subject.ts'
import { setByMessage } from './raw-event-socket.ts'
import { COLLEAGUE, openParts, RealSubject, TELEPHONES } from './real-subject.ts'

const SAMPLE_RATE_HZ = 8000
const REALMS = ['holdfast', 'holdfast-started', 'holdfast-pauses']
const ASK = '<action application="execute_extension" data="record:direction=inbound XML holdfast"/><action application="execute_extension" data="agents XML holdfast"/>'
const ring = (name: string): string => `<action application="bridge" data="\${sofia_contact(internal/${name}@127.0.0.1)}"/>`
const ROUTES: Readonly<Record<string, string>> = {
  plain: `<action application="set" data="record=source"/>${ASK}${ring('agent')}`,
  past: `<action application="set" data="record=source"/>${ASK}<action application="set" data="bypass_media=true"/>${ring('agent')}`,
  // Who sets hostile values does it while the leg waits here: no dialplan can write them.
  waiting: '<action application="park"/>',
  kinds: `${ASK}<action application="set" data="${CHANGED_KEY}=${CHANGED_VALUE}"/>${ring('agent')}`,
  [COLLEAGUE]: ring(COLLEAGUE),
}

/** A private FreeSWITCH with Holdfast's dialplan, and three telephones. */
export class RealFreeSwitchSubject extends RealSubject<PrivateFreeSwitch> {
  static async open(installation: FreeSwitchInstallation): Promise<RealFreeSwitchSubject> {
    const start = async (directory: string): Promise<PrivateFreeSwitch> => await startFreeSwitch(installation, directory)
    return new RealFreeSwitchSubject(await openParts(start, ({ eventSocketPort }) => eventSocketPort))
  }

  /** What a service would be connected to, past the proxy. */
  get eventSocket(): EslEndpoint {
    return { host: '127.0.0.1', port: this.pbx.eventSocketPort, password: this.pbx.password }
  }

  get recordingsDirectory(): string {
    return this.pbx.recordingsDirectory
  }

  override service(): HeardEvents {
    const recordingDirectory = this.pbx.recordingsDirectory
    return new HeardEvents(new FreeSwitchAdapter({
      pbxId: parsePbxId('contract'), esl: { host: '127.0.0.1', port: this.proxyPort, password: this.pbx.password },
      recordingDirectory, spool: new DirectoryRecordingSource(recordingDirectory), sampleRateHz: SAMPLE_RATE_HZ,
      wanted: { keys: SUBJECT_KEYS, headers: new Map() }, runtime: quietRuntime(), random: Math.random,
    }))
  }

  override async call({ attached, sound }: CallPlan = { attached: 'nothing' }): Promise<SubjectCall> {
    const call = await this.dial(sound === 'passes by' ? 'past' : attached === 'nothing' ? 'plain' : 'waiting')
    if (attached === 'every kind') await this.#attachAll()
    return call
  }

  protected override async clear(): Promise<void> {
    await this.pbx.cli('hupall')
    await until(async () => expect(await this.pbx.cli('show channels count')).to.contain('0 total'))
    for (const realm of REALMS) {
      for (const line of (await this.pbx.cli(`hash_dump db ${realm}`)).split('\n')) {
        const key = /^D\/[^_]+_([^/]+)/.exec(line)?.[1]
        if (key !== undefined) await this.pbx.cli(`hash delete/${realm}/${key}`)
      }
    }
  }

  override async silencedMs({ received }: SegmentFiles): Promise<number> {
    const { channels } = await readWav(join(this.pbx.recordingsDirectory, received))
    return longestSilenceMs(channels, 2000)
  }

  /** `set` expands what it is given, `uuid_setvar` does not, and cannot carry a line break or a quote. */
  async #attachAll(): Promise<void> {
    const channelId = await until(async () => {
      const id = /^([0-9a-f-]{36}),inbound,.*,park,/m.exec(await this.pbx.cli('show channels'))?.[1]
      if (id === undefined) throw new Error('the customer does not wait')
      return id
    })
    const { EXPANSION, ...plain } = ATTACHED_KINDS
    await setByMessage({ port: this.pbx.eventSocketPort, password: this.pbx.password }, channelId, Object.entries(plain).map(([key, value]) => `${key}=${value}`))
    await this.pbx.cli(`uuid_setvar ${channelId} EXPANSION ${EXPANSION}`)
    await this.pbx.cli(`uuid_transfer ${channelId} kinds`)
  }
}

async function startFreeSwitch(installation: FreeSwitchInstallation, directory: string): Promise<PrivateFreeSwitch> {
  const extension = ([name, actions]: readonly [string, string]): string => `<extension name="${name}"><condition field="destination_number" expression="^${name}$">${actions}</condition></extension>`
  return await PrivateFreeSwitch.start({
    installation, directory, includeFiles: [DIALPLAN_FILES], profile: { 'fire-transfer-events': 'true' },
    contexts: { public: Object.entries(ROUTES).map(extension).join('\n') },
    phones: TELEPHONES.map((name) => ({ name, context: 'public' })),
  })
}
