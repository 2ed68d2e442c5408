import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Bench, type BenchForm, median, ratio } from './bench.ts'
import { LINK_NAMES, type LinkName, LINKS, WAYS, type Way } from './events/links.ts'

const SERVER = join(import.meta.dirname, 'events/serve-events.ts')
const FORMS: Readonly<Record<BenchForm, { readonly events: number; readonly rounds: number }>> = {
  full: { events: 30_000, rounds: 5 },
  quick: { events: 300, rounds: 1 },
}
/** More than ten times what the slowest takes. */
const ROUND_DEADLINE_MS = 60_000

interface Round {
  readonly eventsPerSecond: number
  /** User and system, all threads of this process. */
  readonly cpuMsPer10000: number
}

/** What both PBXs sent in real calls, played over TCP by a process of its own as fast as it is read. */
export const bench: Bench = async (_folder, form) => {
  const { events, rounds } = FORMS[form]
  const rows: (readonly (string | number)[])[] = []
  for (const link of LINK_NAMES) {
    const measured = new Map<Way, Round[]>(WAYS.map((way) => [way, []]))
    // Turn by turn, so that another process takes from all alike; the first turn warms up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const way of WAYS) {
        const one = await measure(link, way, events)
        if (round > 0) measured.get(way)?.push(one)
      }
    }
    const of = (way: Way, value: (round: Round) => number): number => median((measured.get(way) ?? []).map((round) => value(round)))
    const base = of('bare parser', ({ cpuMsPer10000 }) => cpuMsPer10000)
    rows.push(...WAYS.map((way) => {
      const cpu = of(way, ({ cpuMsPer10000 }) => cpuMsPer10000)
      return [link, way, Math.round(of(way, ({ eventsPerSecond }) => eventsPerSecond)), Math.round(cpu), ratio(cpu, base)]
    }))
  }
  return {
    title: 'Events of both PBXs over TCP',
    columns: ['link', 'read by', 'events/s', 'CPU ms for 10,000 events', 'CPU to bare'],
    rows,
    notes: [
      `${events} events a round, medians of ${rounds} rounds after one for warming up: whole captured calls, each with ids of its own (test/fixtures). An event of Asterisk has about 0.5 KB, one of FreeSWITCH about 2.6 KB: the headers that are read, and values of 4 KB in some.`,
      'Bare parser: splits messages and headers (AMI), or frames and JSON.parse (ESL), and counts. Link: our connection, with asterisk-manager or modesl inside, and our guards. Reader: makes events of the port of them.',
      'The sender is a process of its own, and shares the machine; CPU is that of the reading process alone.',
    ],
  }
}

async function measure(link: LinkName, way: Way, atLeast: number): Promise<Round> {
  const server = fork(SERVER, [link, String(atLeast)])
  try {
    const [{ port, events }] = await once(server, 'message') as [{ readonly port: number; readonly events: number }]
    const { promise: all, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(() => reject(new Error(`${link}, ${way}: ${heard} of ${events} events`)), ROUND_DEADLINE_MS)
    let heard = 0
    const opened = await LINKS[link][way](port, () => {
      heard += 1
      // AMI holds an event back until the next begins: the last but one ends the round for all.
      if (heard === events - 1) resolve()
    })
    const before = process.cpuUsage()
    const began = performance.now()
    server.send('now')
    await all
    const seconds = (performance.now() - began) / 1000
    const { user, system } = process.cpuUsage(before)
    clearTimeout(late)
    opened.close()
    return { eventsPerSecond: events / seconds, cpuMsPer10000: ((user + system) / 1000 / events) * 10_000 }
  } finally {
    server.disconnect()
    await once(server, 'exit')
  }
}
