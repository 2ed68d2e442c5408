import { isHoldfastError } from '../../domain/errors.ts'
import type { InteractionId } from '../../domain/ids.ts'
import type { UnconfirmedNode } from '../../ports/capture-control.ts'
import type { PeerNode, PeerResult, ResumeOrder } from '../../ports/peer-node.ts'

/** What one node has been told. */
export interface PeerState {
  readonly node: PeerNode
  /** By one of its conversations: under which ids a pause was told, and whether the node confirmed. */
  readonly told: Map<InteractionId, { readonly interactions: readonly InteractionId[]; readonly isConfirmed: boolean }>
  /** Resumes that it has not confirmed, by the conversation. */
  readonly owed: Map<InteractionId, Omit<ResumeOrder, 'at'>>
  /** Whether it knows, since this node was started, what is still paused. */
  isBriefed: boolean
  isAway: boolean
}

/** What the other nodes said: of their recordings, and which of them have not confirmed. */
export interface PeerAnswers {
  readonly results: readonly PeerResult[]
  readonly unconfirmed: readonly UnconfirmedNode[]
}

/** A node that has been told nothing yet. */
export function peerOf(node: PeerNode): PeerState {
  return { node, told: new Map(), owed: new Map(), isBriefed: false, isAway: false }
}

/** Asks all at once; one that is away keeps nobody from hearing of the others. */
export async function askPeers(peers: readonly PeerState[], ask: (peer: PeerState) => Promise<readonly PeerResult[]>, away: (peer: PeerState, error: unknown) => UnconfirmedNode): Promise<PeerAnswers> {
  const answers = await Promise.all(peers.map(async (peer): Promise<PeerAnswers> => {
    try {
      const results = await ask(peer)
      return { results: results.filter(({ outcome }) => outcome !== 'failed'), unconfirmed: unconfirmed(peer, results) }
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      return { results: [], unconfirmed: [away(peer, error)] }
    }
  }))
  return { results: answers.flatMap(({ results }) => results), unconfirmed: answers.flatMap((answer) => answer.unconfirmed) }
}

/** A node that could not be asked, or did not answer in time. */
export function unreached({ node: { name, pbxIds } }: PeerState, error: unknown): UnconfirmedNode {
  return { outcome: 'unconfirmed', node: name, pbxIds, code: isHoldfastError(error) ? error.code : 'NODE_UNREACHABLE', message: `node ${name} did not answer` }
}

function unconfirmed({ node: { name } }: PeerState, results: readonly PeerResult[]): readonly UnconfirmedNode[] {
  const failed = results.filter((result) => result.outcome === 'failed')
  const [first] = failed
  if (first === undefined) return []
  return [{ outcome: 'unconfirmed', node: name, pbxIds: [...new Set(failed.map(({ pbxId }) => pbxId))], code: first.code, message: first.message }]
}
