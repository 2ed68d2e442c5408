import type { PeerNode, PeerOrder } from '../core/ports/peer-node.ts'

/** Another node reads three words of a client, and refuses an order with more. Since when nobody could ask who that is (`knownAt`) stands in the audit of this node. */
export function withPlainClient(peer: PeerNode): PeerNode {
  return { name: peer.name, pbxIds: peer.pbxIds, send: async (order, signal) => await peer.send(plain(order), signal) }
}

function plain(order: PeerOrder): PeerOrder {
  if (!('client' in order) || order.client === undefined) return order
  const { type, address, label } = order.client
  return { ...order, client: { type, address, label } }
}
