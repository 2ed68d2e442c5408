import type { IncomingMessage } from 'node:http'
import { MAX_MESSAGE_BYTES } from './node-message.ts'

/** The whole body; `null` when it is larger than any message. */
export async function boundedBody(stream: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_MESSAGE_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
