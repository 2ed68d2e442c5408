import type { ServerResponse } from 'node:http'
import type { Log } from '../core/ports/runtime.ts'
import { sendJson } from './http-answer.ts'
import type { ComponentState, HttpOptions } from './http-options.ts'

/** Orchestrators give a probe a second or two; one that hangs is a failure. A guess below that. */
const READINESS_DEADLINE_MS = 1500

/** The process answers; nothing more is meant. */
export function answerHealth(response: ServerResponse): void {
  sendJson(response, { status: 200, body: { status: 'alive' } })
}

/** A check that fails is an answer too: not ready. */
async function states(readiness: HttpOptions['readiness'], log: Log): Promise<readonly ComponentState[]> {
  try {
    return await readiness()
  } catch (error) {
    log.error({ error }, 'readiness check failed')
    return []
  }
}

/** 200 when every component works, else 503; the components by name only, because everybody may ask. */
export async function answerReadiness(response: ServerResponse, { readiness }: Pick<HttpOptions, 'readiness'>, log: Log): Promise<void> {
  const late = Promise.withResolvers<readonly []>()
  const timer = setTimeout(() => late.resolve([]), READINESS_DEADLINE_MS)
  try {
    const components = await Promise.race([states(readiness, log), late.promise])
    const ready = components.length > 0 && components.every(({ ok }) => ok)
    sendJson(response, { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not-ready', components: components.map(({ component, ok }) => ({ component, ok })) } })
  } finally {
    clearTimeout(timer)
  }
}

export async function answerMetrics(response: ServerResponse, { metrics }: Pick<HttpOptions, 'metrics'>): Promise<void> {
  const { contentType, body } = await metrics()
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
