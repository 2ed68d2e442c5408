import { expect } from 'chai'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, before, describe, it } from 'mocha'
import { parseTokenId } from '../../../core/domain/ids.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { MY_CALL_STATES } from '../../../core/library/live/my-call.ts'
import { parseToken } from '../../../core/library/sign-in/token-text.ts'
import { CONTROL_ACTIONS } from '../../../core/ports/capture-control.ts'
import { DeskBench } from '../../support/desk-bench.ts'
import { temporaryDirectory, until } from '../../support/hooks.ts'
import { OPERATOR } from '../core/library/library-bench.ts'
import { ServerBench } from '../graphql/server-bench.ts'

const PAGE = join(import.meta.dirname, '../../../docs/desk-api.md')

/** One fenced block of the page: its language, the name behind it, its text. */
interface Snippet {
  readonly language: string
  readonly name: string
  readonly text: string
}

/** The element and the buttons that the widget makes, as far as it uses them. */
interface FakeElement {
  textContent: string
  hidden: boolean
  onclick: (() => void) | null
  readonly children: FakeElement[]
  append(...children: readonly FakeElement[]): void
}

interface Open {
  close(): void
}

interface Widget {
  showDesk(element: FakeElement, options: { readonly url: string; readonly token: string; readonly onError?: (error: Error) => void }): Open
}

function fakeElement(): FakeElement {
  const children: FakeElement[] = []
  return { textContent: '', hidden: false, onclick: null, children, append: (...more) => children.push(...more) }
}

/** Ends with its test, or the server would wait for it. */
function closed(open: Open): Disposable {
  return { [Symbol.dispose]: () => open.close() }
}

async function snippets(): Promise<readonly Snippet[]> {
  const text = await readFile(PAGE, 'utf8')
  return [...text.matchAll(/^```(\w+) ?([\w.-]*)\n([^]*?)^```$/gm)].map(([, language = '', name = '', body = '']) => ({ language, name, text: body }))
}

/** What a curl line of the page sends. */
function requestOf(line: string, { url, token }: { readonly url: string; readonly token: string }): { readonly url: string; readonly init: RequestInit } {
  const headers = [...line.matchAll(/-H ["']([^:]+): ([^"']+)["']/g)].map(([, name = '', value = '']) => [name, value.replace('$TOKEN', token)] as const)
  const body = /-d '([^']+)'/.exec(line)?.[1] ?? ''
  const path = /"\$HOLDFAST(\/\w+)"/.exec(line)?.[1] ?? ''
  return { url: `${url}${path}`, init: { method: 'POST', headers: Object.fromEntries(headers), body: body.replaceAll('main:', 'fake:') } }
}

interface Desk extends AsyncDisposable {
  readonly bench: DeskBench
  readonly server: ServerBench
  readonly token: string
}

async function desk(given: Parameters<typeof DeskBench.open>[0] = {}): Promise<Desk> {
  const bench = await DeskBench.open(given)
  const { text: token } = await bench.library.mint.create({ label: 'desktop of anna', role: 'agent', permissions: null, partitions: [], binding: { agent: 'anna', desks: [bench.desk('200')], sees: 'live' }, expiresAt: null }, OPERATOR)
  const server = await ServerBench.open({ corsOrigins: ['https://desk.example.com'] }, bench.library)
  return { bench, server, token, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

describe('the page of the desk API', () => {
  it('has curl lines that do what they say', async () => {
    await using at = await desk()
    await at.bench.talk('customer', '200')
    const answers: unknown[] = []
    for (const { text } of (await snippets()).filter(({ language, text: line }) => language === 'sh' && !line.includes('event-stream'))) {
      const { url, init } = requestOf(text, { url: at.server.server.url, token: at.token })
      const answer = await (await fetch(url, init)).json() as { readonly data: Readonly<Record<string, unknown>>; readonly errors?: readonly unknown[] }
      expect(answer.errors, text).to.equal(undefined)
      answers.push(...Object.values(answer.data))
    }
    expect(answers).to.have.length(5)
    expect(answers[0]).to.include({ state: 'RECORDING', mayPause: true })
    expect(answers[1]).to.have.nested.property('results[0].recording.state', 'PAUSED')
    expect(answers[2]).to.have.nested.property('results[0].recording.state', 'RECORDING')
    expect(answers[3]).to.have.nested.property('seat.desk', 'fake:PJSIP/200')
    expect(answers[4]).to.have.nested.property('seats[0].desk', 'fake:PJSIP/200')
  })

  it('shows answers as they look', async () => {
    await using at = await desk()
    await at.bench.talk('customer', '200')
    const told = (await snippets()).find(({ language }) => language === 'json')
    const line = (await snippets()).find(({ language }) => language === 'sh')
    const { url, init } = requestOf(line?.text ?? '', { url: at.server.server.url, token: at.token })
    const real = await (await fetch(url, init)).json() as { readonly data: { readonly myCurrentRecording: { since: string } } }
    const shown = JSON.parse(told?.text ?? '') as typeof real
    expect(shown).to.deep.equal({ data: { myCurrentRecording: { ...real.data.myCurrentRecording, since: shown.data.myCurrentRecording.since } } })
  })

  it('watches by a curl line, and its proxy is told not to gather', async () => {
    await using at = await desk()
    const line = (await snippets()).find(({ language, text }) => language === 'sh' && text.includes('event-stream'))?.text ?? ''
    const { url, init } = requestOf(line, { url: at.server.server.url, token: at.token })
    const gone = new AbortController()
    const answer = await fetch(url, { ...init, signal: gone.signal })
    expect(answer.headers.get('x-accel-buffering')).to.equal('no')
    const reader = answer.body?.getReader()
    let text = ''
    while (!text.includes('event: next')) text += Buffer.from((await reader?.read())?.value ?? []).toString()
    expect(text).to.include('"state":"NO_CALL"')
    gone.abort()
    await reader?.read().catch(() => undefined)
  })

  it('explains every state, every deed and every code that a desk may be told', async () => {
    const text = await readFile(PAGE, 'utf8')
    for (const state of MY_CALL_STATES) expect(text).to.include(`| \`${state.toUpperCase().replaceAll('-', '_')}\` |`)
    for (const action of CONTROL_ACTIONS) expect(text).to.include(`recording${action[0]?.toUpperCase() ?? ''}${action.slice(1)}`)
    const codes = ['NO_LIVE_CALL', 'RECORDING_NOT_ACTIVE', 'RECORDING_NOT_FOUND', 'INTERACTION_NOT_FOUND', 'PAUSE_NOT_ALLOWED', 'START_NOT_ALLOWED', 'STOP_NOT_ALLOWED', 'PAUSE_FAILED', 'START_FAILED', 'STOP_FAILED', 'UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', 'PBX_UNKNOWN']
    for (const code of codes) expect(text, code).to.include(`\`${code}\``)
  })

  it('lets a page of a listed origin ask, and no other', async () => {
    await using at = await desk()
    const asked = async (origin: string): Promise<string | null> => (await fetch(`${at.server.server.url}/graphql`, { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type' } })).headers.get('access-control-allow-origin')
    expect([await asked('https://desk.example.com'), await asked('https://elsewhere.example.com')]).to.deep.equal(['https://desk.example.com', null])
  })

  describe('its widget', () => {
    let widget: Widget

    before(async () => {
      const code = (await snippets()).find(({ name }) => name === 'holdfast-desk.js')?.text ?? ''
      const file = join(await temporaryDirectory(), 'holdfast-desk.mjs')
      await writeFile(file, code)
      widget = await import(pathToFileURL(file).href) as Widget
      Object.assign(globalThis, { document: { createElement: fakeElement } })
    })
    after(() => Reflect.deleteProperty(globalThis, 'document'))

    /** The word that is shown, and the buttons that can be pressed. */
    function shown(element: FakeElement): readonly string[] {
      const [word, ...buttons] = element.children
      return [word?.textContent ?? '', ...buttons.filter(({ hidden, onclick }) => onclick !== null && !hidden).map(({ textContent }) => textContent)]
    }

    function press(element: FakeElement, action: string): void {
      element.children.find(({ textContent }) => textContent === action)?.onclick?.()
    }

    it('shows a call from its beginning to its end, and does what is pressed', async () => {
      await using at = await desk({ record: 'source' })
      const element = fakeElement()
      using _open = closed(widget.showDesk(element, { url: at.server.server.url, token: at.token }))
      const shows = async (...words: readonly string[]): Promise<void> => { await until(() => expect(shown(element)).to.deep.equal(words)) }
      expect(shown(element)).to.deep.equal(['not connected'])
      await shows('no call')
      const { customer } = await at.bench.talk('customer', '200')
      await shows('● recording', 'pause', 'stop')
      press(element, 'pause')
      await shows('❚❚ paused', 'resume', 'stop')
      press(element, 'resume')
      await shows('● recording', 'pause', 'stop')
      press(element, 'stop')
      await shows('■ stopped', 'start')
      press(element, 'start')
      await shows('● recording', 'pause', 'stop')
      at.bench.capture.pbx.failures.set('mask', new HoldfastError('PBX_REFUSED', 'no'))
      press(element, 'pause')
      await until(() => expect(element.children.at(-1)?.textContent).to.match(/^pause failed: /))
      expect(shown(element)).to.deep.equal(['● recording', 'pause', 'stop'])
      for (const leg of at.bench.capture.service.context.tracker.ofCall(customer.callId)) at.bench.capture.pbx.hangsUp(leg.channel)
      await shows('no call')
    })

    it('shows that it is not connected, tries again, and gives up when the token is over', async () => {
      await using at = await desk({ record: 'source' })
      const element = fakeElement()
      const errors: Error[] = []
      using _open = closed(widget.showDesk(element, { url: at.server.server.url, token: at.token, onError: (error) => errors.push(error) }))
      await until(() => expect(shown(element)).to.deep.equal(['no call']))
      await at.bench.library.mint.revoke(parseTokenId(parseToken(at.token)?.id ?? ''), OPERATOR)
      await at.bench.talk('customer', '200')
      await until(() => expect(shown(element)).to.deep.equal(['not connected']))
      await until(() => expect(errors.map(({ message }) => message).at(-1)).to.equal('Holdfast answers 401'), { withinMs: 3000 })
      expect(shown(element)).to.deep.equal(['not connected'])
    })
  })
})
