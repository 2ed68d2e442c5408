import { parentPort, workerData } from 'node:worker_threads'
import ari, { type AriClient } from 'ari-client'
import type { AriEndpoint, AriQuestion, AriReply, AriRequest } from './ari-endpoint.ts'
import { openAriRoute } from './ari-route.ts'

/** Operations of ari-client. Their results go through a message, which keeps plain data and nothing of its circular objects. */
const ANSWERS: Record<AriQuestion, (client: AriClient) => Promise<unknown>> = {
  information: (client) => client.asterisk.getInfo(),
  'stored-recordings': (client) => client.recordings.listStored(),
}

const endpoint = workerData as AriEndpoint
const route = openAriRoute(endpoint)
let client: Promise<AriClient> | null = null

parentPort?.on('message', ({ id, question }: AriRequest) => {
  void answer(id, question).then((reply) => parentPort?.postMessage(reply))
})

async function answer(id: number, question: AriQuestion): Promise<AriReply> {
  try {
    client ??= ari.connect(await route, endpoint.username, endpoint.password)
    const body: unknown = JSON.parse(JSON.stringify(await ANSWERS[question](await client), plainly))
    return { id, outcome: 'answered', body }
  } catch (error) {
    client = null
    return { id, outcome: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Members that begin with `_` are ari-client's own, and lead back to their owner. */
function plainly(key: string, value: unknown): unknown {
  return key.startsWith('_') ? undefined : value
}
