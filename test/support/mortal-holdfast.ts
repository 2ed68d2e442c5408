import { setTimeout as delay } from 'node:timers/promises'
import { compose } from '../../cli/compose.ts'
import { serviceRuntime } from '../../cli/runtime/service-runtime.ts'
import { loadSettings } from '../../config/load-settings.ts'
import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import { INGEST_STEPS } from '../../core/ingest/ingest-job.ts'
import type { Holdfast } from '../../cli/compose.ts'
import type { Moment } from './moment.ts'

/**
 * Holdfast as `holdfast serve` composes it, which kills itself in the moment that its parent names: nothing is closed, nothing is flushed.
 * The moments are those at which something becomes durable, because between two of them a death makes no difference to what is found after it.
 */
const settings = loadSettings(process.argv[2] ?? '')
const holdfast = await compose(settings, serviceRuntime(settings))
let awaited = process.argv[3] === undefined ? null : JSON.parse(process.argv[3]) as Moment
mortal(holdfast)
process.on('message', (moment: Moment) => {
  awaited = moment
  process.send?.('awaited')
})
process.on('disconnect', die)
await holdfast.start()

function mortal({ store: { journal, jobs, repository } }: Holdfast): void {
  const { append, markForwarded } = journal
  const { lease, mark, complete } = jobs
  const { apply } = repository
  journal.append = (facts) => around(namesOf(facts), () => append.call(journal, facts))
  journal.markForwarded = (sequence) => around(['forwarded'], () => markForwarded.call(journal, sequence))
  repository.apply = (node, facts) => around(['applied'], () => apply.call(repository, node, facts))
  jobs.mark = (job, owner, step) => around(stepsOf(step.step), () => mark.call(jobs, job, owner, step))
  jobs.complete = (job, owner) => around(['remove-spool'], () => complete.call(jobs, job, owner))
  jobs.lease = async (...request) => {
    const job = await lease.call(jobs, ...request)
    if (job !== null) await reach('leased', 'after')
    return job
  }
}

async function around<T>(names: readonly Moment['of'][], work: () => Promise<T>): Promise<T> {
  for (const name of names) await reach(name, 'before')
  const result = await work()
  for (const name of names) await reach(name, 'after')
  return result
}

async function reach(name: Moment['of'], when: Moment['when']): Promise<void> {
  if (awaited === null || awaited.of !== name || awaited.when !== when) return
  if (awaited.afterMs === 0) die()
  // The work goes on meanwhile: death comes in the middle of what follows.
  void delay(awaited.afterMs).then(die)
  await Promise.resolve()
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

function namesOf(facts: readonly CaptureFact[]): readonly CaptureFact['type'][] {
  return facts.map(({ type }) => type)
}

function stepsOf(name: string): readonly Moment['of'][] {
  return INGEST_STEPS.filter((step) => step === name)
}
