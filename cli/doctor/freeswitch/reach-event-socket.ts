import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'

/** What an event socket says to whoever comes over one of this machine's addresses. */
export interface Reached {
  readonly address: string
  /** `greets`: it asks for the password; `refuses`: its access list keeps us out; `silent`: nothing that speaks like an event socket is there. */
  readonly answer: 'greets' | 'refuses' | 'silent'
}

/** Between addresses of one machine everything comes at once. */
const ANSWER_DEADLINE_MS = 1_000
const MAX_GREETING_BYTES = 256

/** Tries the port on every address of this machine that is not loopback. */
export async function reachEventSocket(port: number): Promise<readonly Reached[]> {
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []).filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0).map(({ address }) => address)
  return await Promise.all(addresses.map(async (address) => ({ address, answer: meaningOf(await greetingOf(address, port)) })))
}

/** Source: FreeSWITCH 1.10 mod_event_socket.c: `auth/request`, or `text/rude-rejection` where no access list holds the peer */
function meaningOf(greeting: string): Reached['answer'] {
  if (greeting.includes('auth/request')) return 'greets'
  return greeting.includes('rude-rejection') ? 'refuses' : 'silent'
}

/** What comes first; empty where nobody listens, or says nothing in time. */
async function greetingOf(host: string, port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect({ host, port })
  const late = setTimeout(() => resolve(''), ANSWER_DEADLINE_MS)
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
    if (text.includes('\n') || text.length > MAX_GREETING_BYTES) resolve(text)
  })
  socket.on('error', () => resolve(''))
  socket.on('close', () => resolve(text))
  const greeting = await promise
  clearTimeout(late)
  socket.destroy()
  return greeting
}
