import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError } from '../../core/domain/errors.ts'

const LOOK_EVERY_MS = 50

/** Until `/readyz` says that everything works. @throws HoldfastError `LAB_FAILED`, with what does not */
export async function untilReady(ask: () => Promise<Pick<Response, 'ok' | 'text'>>, { log, withinMs }: { readonly log: string; readonly withinMs: number }): Promise<void> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    const told = await answer.text()
    if (answer.ok) return
    if (performance.now() > deadline) throw new HoldfastError('LAB_FAILED', `Holdfast beside the private PBX was not ready within ${withinMs / 1000} s: ${told}. Its log is ${log}`, { withinMs })
    await delay(LOOK_EVERY_MS)
  }
}
