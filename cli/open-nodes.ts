import { readFile } from 'node:fs/promises'
import { HttpPeerNode } from '../adapters/nodes/http-peer-node.ts'
import { type NodeServer, startNodeServer } from '../adapters/nodes/node-server.ts'
import { LEAST_SECRET } from '../config/nodes-settings.ts'
import type { NodesSettings, Settings } from '../config/settings.ts'
import type { InteractionPauses } from '../core/capture/calls/interaction-pauses.ts'
import type { LiveRecordings } from '../core/capture/calls/live-recordings.ts'
import { SharedCaptureControl } from '../core/capture/control/shared-capture-control.ts'
import { ObeyedOrders } from '../core/capture/pauses/obeyed-orders.ts'
import type { PauseControl } from '../core/capture/pauses/pause-control.ts'
import { PeerPauses } from '../core/capture/pauses/peer-pauses.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import type { PbxId } from '../core/domain/ids.ts'
import type { CaptureControl } from '../core/ports/capture-control.ts'
import type { PbxAdapter } from '../core/ports/pbx-adapter.ts'
import type { Runtime } from '../core/ports/runtime.ts'

interface Parts {
  readonly local: CaptureControl
  readonly live: LiveRecordings
  readonly pauses: InteractionPauses
  readonly control: PauseControl
  readonly adapters: ReadonlyMap<PbxId, PbxAdapter>
  readonly runtime: Runtime
}

/** Control of what this node records, and of what the others do. */
export interface Nodes {
  readonly control: CaptureControl
  /** Listens to the others, and asks them for what they have not confirmed. @throws HoldfastError `LISTEN_FAILED` */
  start(): Promise<void>
  stop(): Promise<void>
}

/** @throws HoldfastError `CONFIG_INVALID` */
export async function openNodes({ nodes, node, pause }: Settings, { local, live, pauses, control, adapters, runtime }: Parts): Promise<Nodes> {
  const [pbxId] = adapters.keys()
  if (nodes === null || pbxId === undefined) return { control: local, start: async () => await Promise.resolve(), stop: async () => await Promise.resolve() }
  const { secret } = nodes
  if (secret.length < LEAST_SECRET) throw new HoldfastError('CONFIG_INVALID', `nodes.secretFile: the secret is shorter than ${LEAST_SECRET} characters: make one with \`openssl rand -base64 32\``)
  const known = await Promise.all(nodes.peers.map(async ({ name, url, pbxs, caFile }) => new HttpPeerNode({
    from: node.name, name, url, pbxIds: pbxs, secret, caPem: caFile === null ? null : await readFile(caFile, 'utf8'), clock: runtime.clock,
  })))
  const peers = new PeerPauses({ live, pauses, control, adapters, peers: known, runtime })
  const orders = new ObeyedOrders({ live, pauses, control, clock: runtime.clock, peers })
  let server: NodeServer | null = null
  return {
    control: new SharedCaptureControl({ local, pauses, control, peers, clock: runtime.clock, maxDurationMs: pause.maxDurationMs, pbxId }),
    async start() {
      server = await startNodeServer({ host: nodes.host, port: nodes.port, tls: await tlsOf(nodes), name: node.name, peers: nodes.peers.map(({ name }) => name), secret, orders, runtime })
      peers.start()
    },
    async stop() {
      await server?.close()
      await peers.stop()
    },
  }
}

async function tlsOf({ tls }: NodesSettings): Promise<{ readonly certificatePem: string; readonly keyPem: string } | null> {
  return tls === null ? null : { certificatePem: await readFile(tls.certFile, 'utf8'), keyPem: await readFile(tls.keyFile, 'utf8') }
}
