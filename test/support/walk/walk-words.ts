import type { GraphQLNamedType } from 'graphql'
import { nodeId } from '../../../graphql/node-id.ts'
import { idAt } from '../recording-facts.ts'

/** What is in reach of everybody in the walk, and what of nobody: a word of the second kind must never come back. */
export const OWN = { recordingId: idAt(10), liveId: idAt(11), interactionId: 'talk-own', partition: '/sales/gold', unit: 'sales', agent: 'anna', number: '+4930111', customer: 'C-own', label: 'white label', hold: '00000000000000a1' } as const
export const HIDDEN = { recordingId: idAt(12), liveId: idAt(13), interactionId: 'talk-hidden', partition: '/vault/black', unit: 'vault', agent: 'zenobia', number: '+4930999', customer: 'C-hidden', label: 'black label', hold: '00000000000000b1' } as const
/** Words that tell of what is hidden. */
export const CANARIES = ['/vault', 'vault', 'zenobia', '+4930999', 'C-hidden', 'talk-hidden', String(HIDDEN.recordingId), String(HIDDEN.liveId), 'black case', 'black label']

/** Both have it: a search finds one's own alone. */
export const SHARED_LABEL = 'complaint'

const ABSENT_ID = idAt(9999)
const recordings: readonly string[] = [OWN, HIDDEN].flatMap(({ recordingId, liveId }) => [recordingId, nodeId('Recording', recordingId), liveId]).concat(ABSENT_ID)
const interactions: readonly string[] = [OWN.interactionId, HIDDEN.interactionId, nodeId('Interaction', HIDDEN.interactionId), 'talk-absent']
const holds: readonly string[] = [OWN.hold, HIDDEN.hold, 'ffffffffffffffff']
const agents = [OWN.agent, HIDDEN.agent, 'nobody']
const partitions = ['/sales', '/vault', HIDDEN.partition]
const units = [OWN.unit, HIDDEN.unit]
const numbers = [OWN.number, HIDDEN.number]
const names = ['a new name']

/** What may stand in a field of arguments or input, by its name: at first what is in reach. A name that is missing here fails the walk. */
const BY_NAME: Readonly<Record<string, readonly unknown[]>> = {
  id: [...recordings, ...interactions, ...holds, nodeId('Hold', HIDDEN.hold), nodeId('AuditEntry', '1'), nodeId('AuditEntry', '9'), 'no id at all'],
  recordingId: recordings,
  recordingIds: recordings.map((id) => [id]),
  interactionId: interactions,
  holdId: holds,
  objectId: [OWN.recordingId, HIDDEN.recordingId],
  actorId: ['operator', 'ffffffffffffffff'],
  after: [Buffer.from(OWN.recordingId).toString('base64url'), Buffer.from(HIDDEN.recordingId).toString('base64url'), HIDDEN.recordingId, 'x'],
  agent: agents, partitionUnder: partitions, partitions: partitions.map((path) => [path]), units: units.map((unit) => [unit]), unitId: units, parentId: units,
  caller: numbers, callee: numbers, number: numbers, customerId: [OWN.customer, HIDDEN.customer], numbers: numbers.map((number) => [number]), customerIds: [[OWN.customer], [HIDDEN.customer]], planId: ['0'.repeat(64)], objectType: ['recording'], address: ['127.0.0.1'],
  queue: ['gold', 'black'], site: ['north', 'vault-site'], rule: ['all', 'vault-rule'], pbx: ['main', 'pbx-vault'], chain: ['walk'],
  key: ['customerId', 'mood'], value: [OWN.customer, HIDDEN.customer], desk: ['main:PJSIP/200', 'main:PJSIP/999'],
  caseName: ['white case', 'black case'], reason: ['because of the walk'], name: names, newName: names, role: ['supervisor'], text: ['rules: []'],
  rules: ['rules: []'], first: [5, 1], worst: [5], maxPoints: [4], exportId: ['0'.repeat(16), 'f'.repeat(16)], zone: ['UTC'], recipient: ['age1nobody'], add: [['urgent']], remove: [['urgent']],
  label: [SHARED_LABEL, HIDDEN.label, ...names], labels: [['urgent']],
}

/** What may stand there by its type, whatever its name. */
const BY_TYPE: Readonly<Record<string, readonly unknown[]>> = {
  Boolean: [true, false],
  DateTime: [new Date('2026-03-02T08:00:00.000Z'), new Date('2026-03-02T08:00:12.500Z')],
  SafeInt: [0, 1],
  Int: [3],
}

/** Values for one field or argument; none: the walk has to be taught. */
export function wordsFor(name: string, type: GraphQLNamedType): readonly unknown[] {
  return BY_NAME[name] ?? BY_TYPE[type.name] ?? []
}
