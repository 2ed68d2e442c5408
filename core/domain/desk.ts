import { HoldfastError } from './errors.ts'
import { type PbxId, parsePbxId } from './ids.ts'

/** A telephone at which somebody works: an endpoint of one PBX, such as `PJSIP/agentA`. */
export interface Desk {
  readonly pbxId: PbxId
  readonly endpoint: string
}

/**
 * Somebody's calls: those at the desks where the agent sits; the named desks stand in where nobody has said where she sits, and for
 * an owner who is no person.
 */
export interface CallOwner {
  readonly agent: string | null
  readonly desks: readonly Desk[]
}

/** A technology of the PBX and the name of a telephone in it. Source: Asterisk AST_CHANNEL_NAME is 80 with its terminator */
const ENDPOINT = /^[A-Za-z][0-9A-Za-z]{0,19}\/[0-9A-Za-z_.@:+-]{1,79}$/
const MAX_AGENT_LENGTH = 100

export function isSameDesk(one: Desk, other: Desk): boolean {
  return one.pbxId === other.pbxId && one.endpoint === other.endpoint
}

/** Whether a text names a telephone, and so no person: `PJSIP/agentA`. */
export function isEndpoint(text: string): boolean {
  return ENDPOINT.test(text)
}

/** @throws HoldfastError `MALFORMED_ID` unless it is like `PJSIP/agentA` */
export function parseEndpoint(text: string): string {
  if (!isEndpoint(text)) throw new HoldfastError('MALFORMED_ID', 'not a telephone such as PJSIP/200', { kind: 'endpoint', length: text.length })
  return text
}

/** `main:PJSIP/200`: the name of the PBX in the configuration, and its endpoint. @throws HoldfastError `MALFORMED_ID` */
export function parseDesk(text: string): Desk {
  const colon = text.indexOf(':')
  if (colon < 0) throw new HoldfastError('MALFORMED_ID', 'not a desk such as main:PJSIP/200', { kind: 'desk', length: text.length })
  return { pbxId: parsePbxId(text.slice(0, colon)), endpoint: parseEndpoint(text.slice(colon + 1)) }
}

export function formatDesk({ pbxId, endpoint }: Desk): string {
  return `${pbxId}:${endpoint}`
}

/**
 * The name of a person, as attached data, queues and tokens write it: compared to the letter.
 * @throws HoldfastError `MALFORMED_ID` unless 1 to 100 printable characters that name no telephone
 */
export function parseAgent(text: string): string {
  const name = text.normalize('NFC').trim()
  if (name === '' || name.length > MAX_AGENT_LENGTH || /\p{Cc}/u.test(name) || !name.isWellFormed() || isEndpoint(name)) {
    throw new HoldfastError('MALFORMED_ID', `an agent's name has 1 to ${MAX_AGENT_LENGTH} printable characters, and is no telephone`, { kind: 'agent', length: text.length })
  }
  return name
}
