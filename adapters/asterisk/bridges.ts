import type { BridgeKind } from '../../core/ports/pbx-event.ts'
import type { AmiMessage } from './ami-message.ts'

/** Parked calls and those of BridgeWait() lie in one bridge, and nobody in it hears another. Source: Asterisk 22 bridges/bridge_holding.c */
const HOLDING = 'holding_bridge'

/** Whether a message tells of a bridge in which everybody is alone. */
export function isHolding(message: AmiMessage): boolean {
  return message.get('BridgeTechnology') === HOLDING
}

/** The bridge as capture knows it: who is in one, hears the others. */
export function bridgeIdOf(bridgeId: string, channelId: string, kind: 'holding' | 'joining'): string {
  return kind === 'holding' ? `${bridgeId}/${channelId}` : bridgeId
}

/** ConfBridge() and Page() make bridges of a kind of their own. Source: Asterisk 22 main/bridge.c, `ast_bridge_base_v_table` */
const CONFERENCE = 'base'

export function bridgeKindOf(message: AmiMessage): BridgeKind {
  return message.get('BridgeType') === CONFERENCE ? 'conference' : 'talk'
}
