import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FREESWITCH_CODE_CONTEXTS } from './freeswitch-code-plan.ts'
import type { FreeSwitchLabBenchOptions } from './freeswitch-lab-bench.ts'
import type { LabBenchOptions } from './lab-bench.ts'

/** As dialplan/asterisk/holdfast-features.conf has them. */
export const CODES = { pause: '*71', resume: '*72', toggle: '*73', start: '*74', stop: '*75' } as const
const FEATURES = readFileSync(join(import.meta.dirname, '../../dialplan/asterisk/holdfast-features.conf'), 'utf8')

/** Two digits that name a customer and her agent. */
const LINES = Array.from({ length: 20 }, (_, index) => String(index + 10))

const POLICY = `
attachedData:
  keys: { CASE: {} }
rules:
  - name: by-desk-only
    when: { attached: { CASE: unasked } }
    record: both
    pause: { ways: [api] }
  - name: on-demand
    when: { attached: { CASE: demand } }
    record: source
    onDemand: [start, stop]
  - name: law
    when: { attached: { CASE: law } }
    record: both
    pause: forbidden
  - name: everything
    record: both
`

const EXTENSIONS = `
[from-customer]
exten => _1XX,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-\${EXTEN:1},20,b(holdfast-agent^s^1))
exten => _2XX,1,Set(CASE=unasked)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-\${EXTEN:1},20,b(holdfast-agent^s^1))
exten => _3XX,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Queue(sales-\${EXTEN:1},b(holdfast-agent^s^1),,,20)
exten => _4XX,1,Answer()
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Wait(1)
 same => n,Gosub(holdfast-pause,s,1(action=pause))
 same => n,Wait(2)
 same => n,Gosub(holdfast-pause,s,1(action=resume))
 same => n,Dial(PJSIP/agent-\${EXTEN:1},20,b(holdfast-agent^s^1))
exten => _6XX,1,Set(CASE=demand)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-\${EXTEN:1},20,b(holdfast-agent^s^1))
exten => _7XX,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(Local/\${EXTEN:1}@to-agent/n,20)
exten => _8XX,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,ConfBridge(\${EXTEN:1})
exten => _9XX,1,Set(CASE=law)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-\${EXTEN:1},20,b(holdfast-agent^s^1))
[to-agent]
exten => _XX,1,Dial(PJSIP/agent-\${EXTEN},20,b(holdfast-agent^s^1))
[from-agent]
exten => _5XX,1,Gosub(holdfast-agent,s,1)
 same => n,Gosub(holdfast-record,s,1(direction=outbound))
 same => n,Dial(PJSIP/customer-\${EXTEN:1},20)
exten => _8XX,1,ConfBridge(\${EXTEN:1},,,agents)
`

/** An Asterisk's lab in which agents have feature codes; its policy file is made in the directory. */
export async function codeLab(directory: string): Promise<LabBenchOptions> {
  return {
    extensions: EXTENSIONS,
    phones: LINES.flatMap((line) => [{ name: `customer-${line}`, context: 'from-customer' }, { name: `agent-${line}`, context: 'from-agent' }]),
    ...await codeSettings(directory),
    append: {
      'features.conf': FEATURES,
      'confbridge.conf': '[agents]\ntype = menu\n*71 = dialplan_exec(holdfast-code,pause,1)\n*72 = dialplan_exec(holdfast-code,resume,1)\n',
      'queues.conf': LINES.map((line) => `[sales-${line}]\nstrategy = ringall\nmember => PJSIP/agent-${line}\n`).join(''),
    },
  }
}

/** The same in FreeSWITCH's words. */
export async function freeSwitchCodeLab(directory: string): Promise<Omit<FreeSwitchLabBenchOptions, 'places'>> {
  return { ...FREESWITCH_CODE_CONTEXTS, phones: LINES.flatMap((line) => [`customer-${line}`, `agent-${line}`]), ...await codeSettings(directory) }
}

async function codeSettings(directory: string): Promise<Pick<LabBenchOptions, 'attachedKeys' | 'settings'> & { readonly settings: Readonly<Record<string, unknown>> }> {
  const policyFile = join(directory, 'policy.yaml')
  await writeFile(policyFile, POLICY)
  return { attachedKeys: ['CASE'], settings: { policyFile, attachedData: {} } }
}

/** Hands out lines, each once. */
export class CodeLines {
  readonly #lines = [...LINES]

  take(): string {
    const line = this.#lines.shift()
    if (line === undefined) throw new Error('more calls than telephones')
    return line
  }
}
