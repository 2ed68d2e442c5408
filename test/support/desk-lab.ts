import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AudioSource } from '../../adapters/phone/audio-source.ts'
import { tone } from '../../adapters/phone/audio-source.ts'
import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import type { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import { LAB_PBX_ID } from '../../cli/lab/lab-settings.ts'
import { LabBench } from './lab-bench.ts'

export const AGENT_TONE_HZ = 1000

/** What the rules do is said by the first digit; the rest is the agent's telephone. */
const POLICY = `
rules:
  - { name: wanted, when: { dialled: { prefix: "1" } }, mandatory: true, record: source, onDemand: [start, stop], pause: { maxDurationMs: 600000 } }
  - { name: by-hand, when: { dialled: { prefix: "2" } }, mandatory: true, record: no, onDemand: [start, stop] }
  - { name: strict, when: { dialled: { prefix: "3" } }, mandatory: true, record: both, pause: { by: [supervisor] } }
`
const EXTENSIONS = `
[from-customer]
exten => _[123]A,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agentA,20)
exten => _[123]B,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agentB,20)
exten => 1Q,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Queue(sales,,,,20)
exten => login,1,Answer()
 same => n,AddQueueMember(sales,PJSIP/agentB,,,clara)
 same => n,Hangup()
exten => logout,1,Answer()
 same => n,RemoveQueueMember(sales,PJSIP/agentB)
 same => n,Hangup()
exten => 1L,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n(again),AgentRequest(dora)
 same => n,Wait(0.5)
 same => n,Goto(again)
[from-agent]
exten => 900,1,AgentLogin(dora)
`

/** A customer and an agent who talk. */
export interface DeskCall extends AsyncDisposable {
  readonly customer: OutgoingCall
  readonly agent: IncomingCall
  hangUp(): Promise<void>
}

export interface MyRecording {
  readonly state: string
  readonly since: string | null
  readonly interactionId: string | null
  readonly desks: readonly string[]
  readonly mayPause: boolean
  readonly mayResume: boolean
  readonly mayStart: boolean
  readonly mayStop: boolean
}

/** A private Asterisk with Holdfast beside it, two agents' telephones, and agents' tokens. */
export class DeskLab implements AsyncDisposable {
  readonly bench: LabBench
  readonly #directory: string

  private constructor(bench: LabBench, directory: string) {
    this.bench = bench
    this.#directory = directory
  }

  static async open(): Promise<DeskLab> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-desk-'))
    const policyFile = join(directory, 'policy.yaml')
    await writeFile(policyFile, POLICY)
    const bench = await LabBench.open({
      extensions: EXTENSIONS,
      phones: [...['customer', 'other'].map((name) => ({ name, context: 'from-customer' })), ...['agentA', 'agentB'].map((name) => ({ name, context: 'from-agent' }))],
      attachedKeys: [], settings: { policyFile, desks: { free: ['PJSIP/agent?'] }, attachedData: {} }, append: {
        'queues.conf': '[sales]\nstrategy = ringall\nmember => PJSIP/agentA,0,bert\n',
        'modules.conf': 'load = app_agent_pool.so\n', 'agents.conf': '[dora]\nfullname = Dora\n',
      },
    })
    return new DeskLab(bench, directory)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]()
    await rm(this.#directory, { recursive: true, force: true })
  }

  desk(phone: string): string {
    return `${LAB_PBX_ID}:PJSIP/${phone}`
  }

  /** A token made on the command line, as an administrator makes it for an agent's desktop. */
  async agent(...options: readonly string[]): Promise<AgentDesk> {
    const text = await this.bench.command('token', 'create', '--role', 'agent', '--label', `desktop ${options.join(' ')}`, ...options)
    return new AgentDesk(this.bench.url, text.trim())
  }

  /** The customer calls, and the agent's telephone answers as soon as it rings. */
  async call(customerName: string, number: string, { agent = 'agentA', says = tone(440) }: { readonly agent?: string; readonly says?: AudioSource } = {}): Promise<DeskCall> {
    await using stack = new AsyncDisposableStack()
    const customerPhone: SipPhone = stack.use(await this.bench.phone(customerName, says))
    const agentPhone: SipPhone = stack.use(await this.bench.phone(agent, tone(AGENT_TONE_HZ)))
    await agentPhone.register()
    const customer = await customerPhone.call(number)
    const taken = await agentPhone.incoming()
    await taken.answer()
    await customer.answered()
    const phones = stack.move()
    return {
      customer,
      agent: taken,
      async hangUp() {
        await customer.hangUp()
        await taken.ended()
      },
      [Symbol.asyncDispose]: () => phones[Symbol.asyncDispose](),
    }
  }
}

interface ControlAnswer {
  readonly answer: { readonly results: readonly { readonly outcome: string; readonly recording: { readonly plainId: string; readonly state: string } }[] | null; readonly userErrors: readonly { readonly code: string }[] }
}

/** What an agent's desktop does, with nothing but `fetch`. */
export class AgentDesk {
  readonly client: GraphqlClient
  readonly #url: string
  readonly #token: string

  constructor(url: string, token: string) {
    this.#url = `${url}/graphql`
    this.#token = token
    this.client = new GraphqlClient(this.#url, token)
  }

  /** The outcomes, or the codes of the errors. */
  async control(action: 'Pause' | 'Resume' | 'Start' | 'Stop', input: string = '{ current: true }'): Promise<string> {
    const { answer } = await this.client.request<ControlAnswer>(`mutation { answer: recording${action}(input: ${input}) { results { outcome recording { plainId state } } userErrors { code } } }`)
    return answer.userErrors.length > 0 ? answer.userErrors.map(({ code }) => code).join() : (answer.results ?? []).map(({ outcome }) => outcome).join()
  }

  async signIn(desk: string): Promise<string> {
    const { agentSignIn } = await this.client.request<{ readonly agentSignIn: { readonly seat: { readonly desk: string } | null; readonly userErrors: readonly { readonly code: string }[] } }>(
      'mutation ($input: AgentSignInInput!) { agentSignIn(input: $input) { seat { desk } userErrors { code } } }', { input: { desk } })
    return agentSignIn.seat?.desk ?? agentSignIn.userErrors.map(({ code }) => code).join()
  }

  async now(): Promise<MyRecording> {
    return (await this.client.request<{ readonly myCurrentRecording: MyRecording }>(`{ myCurrentRecording { ${FIELDS} } }`)).myCurrentRecording
  }

  /** Everything that the subscription tells, with when it came. */
  async watch(): Promise<{ readonly told: readonly (MyRecording & { readonly cameAt: number })[]; readonly end: () => void }> {
    const gone = new AbortController()
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${this.#token}` }
    const answer = await fetch(this.#url, { method: 'POST', headers, body: JSON.stringify({ query: `subscription { myCurrentRecording { ${FIELDS} } }` }), signal: gone.signal })
    const told: (MyRecording & { readonly cameAt: number })[] = []
    void read(answer, (call) => told.push({ ...call, cameAt: Date.now() })).catch(() => undefined)
    return { told, end: () => gone.abort() }
  }
}

const FIELDS = 'state since interactionId desks mayPause mayResume mayStart mayStop'

/** Server-sent events: blocks that end with an empty line; those of type `next` carry what is told. */
async function read(answer: Response, heard: (call: MyRecording) => void): Promise<void> {
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString()
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks.filter((one) => one.startsWith('event: next'))) {
      const { data } = JSON.parse(block.slice(block.indexOf('data: ') + 'data: '.length)) as { readonly data: { readonly myCurrentRecording: MyRecording } }
      heard(data.myCurrentRecording)
    }
  }
}
