import type { PbxId } from './ids.ts'

/** A telephone at which somebody works: an endpoint of one PBX, such as `PJSIP/agentA`. */
export interface Desk {
  readonly pbxId: PbxId
  readonly endpoint: string
}

export function isSameDesk(one: Desk, other: Desk): boolean {
  return one.pbxId === other.pbxId && one.endpoint === other.endpoint
}
