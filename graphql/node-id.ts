import { HoldfastError, isHoldfastError } from '../core/domain/errors.ts'
import { type HoldId, type InteractionId, parseHoldId, parseInteractionId, parseRecordingId, type RecordingId } from '../core/domain/ids.ts'

export const NODE_TYPES = ['Recording', 'Interaction', 'AuditEntry', 'Hold'] as const
export type NodeType = (typeof NODE_TYPES)[number]

/** The opaque id of a thing. Source: Relay, Global Object Identification */
export function nodeId(type: NodeType, plainId: string): string {
  return Buffer.from(`${type}:${plainId}`).toString('base64url')
}

/** What an opaque id names. @throws HoldfastError `MALFORMED_ID` */
export function parseNodeId(id: string): { readonly type: NodeType; readonly plainId: string } {
  const text = Buffer.from(id, 'base64url').toString()
  const [head = '', ...rest] = text.split(':')
  const type = NODE_TYPES.find((candidate) => candidate === head)
  const plainId = rest.join(':')
  // Encoded again, so that one thing has one id: the decoder forgives what is no base64url.
  if (type === undefined || nodeId(type, plainId) !== id) throw new HoldfastError('MALFORMED_ID', 'not an id of this API', { length: id.length })
  return { type, plainId }
}

/** An argument that names a recording: its opaque id, or the plain one from a log line. @throws HoldfastError `MALFORMED_ID` */
export function recordingIdOf(id: string): RecordingId {
  return parseRecordingId(plainIdOf('Recording', id))
}

/** An argument that names an interaction: its opaque id, or what X-Interaction-ID carries. @throws HoldfastError `MALFORMED_ID` */
export function interactionIdOf(id: string): InteractionId {
  return parseInteractionId(plainIdOf('Interaction', id))
}

/** An argument that names a hold: its opaque id, or the plain one. @throws HoldfastError `MALFORMED_ID` */
export function holdIdOf(id: string): HoldId {
  return parseHoldId(plainIdOf('Hold', id))
}

/** The place of an audit entry, by its opaque id or the plain one. @throws HoldfastError `MALFORMED_ID` */
export function auditPositionOf(id: string): number {
  const plainId = plainIdOf('AuditEntry', id)
  if (!/^[1-9][0-9]{0,14}$/.test(plainId)) throw new HoldfastError('MALFORMED_ID', 'not the id of an audit entry', { length: plainId.length })
  return Number(plainId)
}

function plainIdOf(wanted: NodeType, id: string): string {
  try {
    const { type, plainId } = parseNodeId(id)
    if (type === wanted) return plainId
  } catch (error) {
    if (isHoldfastError(error, 'MALFORMED_ID')) return id
    throw error
  }
  throw new HoldfastError('MALFORMED_ID', `this is the id of something that is no ${wanted}`)
}
