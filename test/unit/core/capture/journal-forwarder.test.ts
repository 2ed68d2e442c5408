import { describe, it } from 'mocha'
import { expect } from 'chai'
import { join } from 'node:path'
import { JournalForwarder } from '../../../../core/capture/journal-forwarder.ts'
import { createMetrics } from '../../../../cli/runtime/prom-metrics.ts'
import type { CaptureFact } from '../../../../core/domain/capture-fact.ts'
import { parseNodeName, type RecordingId } from '../../../../core/domain/ids.ts'
import type { Recording } from '../../../../core/domain/recording.ts'
import type { AuditLog } from '../../../../core/ports/audit-log.ts'
import type { CaptureJournal } from '../../../../core/ports/capture-journal.ts'
import type { RecordingRepository } from '../../../../core/ports/recording-repository.ts'
import type { Runtime } from '../../../../core/ports/runtime.ts'
import { factFromJson } from '../../../../core/store/sql/fact-json.ts'
import { openSqliteDatabase } from '../../../../core/store/sql/sqlite-database.ts'
import { catalogueIn } from '../../../../core/store/catalogue.ts'
import { openSqliteJournal, openSqliteStore } from '../../../../core/store/sqlite-store.ts'
import { MemoryAuditLog } from '../../../support/fakes/memory-audit-log.ts'
import { MemoryCaptureJournal } from '../../../support/fakes/memory-capture-journal.ts'
import { MemoryRecordingRepository } from '../../../support/fakes/memory-recording-repository.ts'
import { temporaryDirectory, until } from '../../../support/hooks.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import { idAt, MORNING, seconds, wholeLife } from '../../../support/recording-facts.ts'

const NODE = parseNodeName('node')

describe('the forwarder of the journal', () => {
  it('brings over what a journal tells that was begun anew: the file was lost', async () => {
    const directory = await temporaryDirectory()
    const recorded = async (journalFile: string, id: RecordingId): Promise<{ readonly recording: Recording | null; readonly jobs: number }> => {
      const runtime = quietRuntime()
      const store = await openSqliteStore({ file: join(directory, 'catalogue.db'), journalFile: join(directory, journalFile), node: NODE, nodeNumber: 0, runtime })
      try {
        await store.journal.append(wholeLife({ id }))
        const forwarder = new JournalForwarder({ journal: store.journal, repository: store.repository, node: NODE, runtime, forwarded: () => undefined })
        await forwarder.settled()
        await forwarder.close()
        return { recording: await store.repository.find(id, { type: 'all' }), jobs: (await store.jobs.backlog('ingest', new Date())).waiting }
      } finally {
        await store.close()
      }
    }
    expect((await recorded('journal.db', idAt(1))).jobs).to.equal(1)
    const after = await recorded('journal-anew.db', idAt(100))
    expect(after.recording?.state).to.equal('stopped')
    expect(after.jobs).to.equal(2)
  })

  it('asks the journal once for what fits into one batch, and says what is to be brought in', async () => {
    const journal = new MemoryCaptureJournal()
    const repository = new MemoryRecordingRepository({ audit: new MemoryAuditLog() })
    await journal.append(wholeLife({ id: idAt(1) }))
    let looks = 0
    const due: RecordingId[] = []
    const unforwarded = journal.unforwarded.bind(journal)
    journal.unforwarded = (limit) => {
      looks += 1
      return unforwarded(limit)
    }
    const forwarder = new JournalForwarder({ journal, repository, node: NODE, runtime: quietRuntime(), forwarded: (_touched, ended) => void due.push(...ended) })
    await forwarder.settled()
    await forwarder.close()
    expect(looks).to.equal(1)
    expect(due).to.deep.equal([idAt(1)])
    expect(await unforwarded(10)).to.deep.equal([])
  })

  it('gathers what comes in quick succession, and waits for nothing after a rest', async () => {
    const journal = new MemoryCaptureJournal()
    const repository = new MemoryRecordingRepository({ audit: new MemoryAuditLog() })
    const batches: number[] = []
    const apply = repository.apply.bind(repository)
    repository.apply = (source, facts) => {
      batches.push(facts.length)
      return apply(source, facts)
    }
    const forwarder = new JournalForwarder({ journal, repository, node: NODE, runtime: quietRuntime(), forwarded: () => undefined })
    const facts = wholeLife({ id: idAt(1) })
    for (const fact of facts) {
      await journal.append([fact])
      forwarder.poke()
    }
    await until(() => expect(batches).to.have.length(2))
    expect(batches[0], 'the first waits for no others').to.be.lessThan(facts.length / 2)
    expect(batches[1], 'all others are one batch').to.equal(facts.length - (batches[0] ?? 0))
    await forwarder.close()
  })

  it('counts a refused fact once, under a name and labels that the list of metrics knows', async () => {
    await withStore(async ({ store, runtime, carry }) => {
      await store.journal.append([{ type: 'answered', recordingId: idAt(9), at: MORNING }, ...wholeLife({ id: idAt(1) })])
      await carry()
      expect(runtime.counted.get('holdfast_facts_refused_total')).to.equal(1)
      expect(() => createMetrics({ pbxIds: [], unlisted: 'throw', ofProcess: 'without' }).count('holdfast_facts_refused_total', runtime.labelled.get('holdfast_facts_refused_total'))).not.to.throw()
    })
  })

  it('sets the one fact aside that cannot be applied, and carries all others over', async () => {
    await withStore(async ({ store, runtime, carry }) => {
      const before = wholeLife({ id: idAt(1) })
      await store.journal.append([...before, POISON, ...wholeLife({ id: idAt(60) })])
      const touched = await carry()
      expect((await store.repository.find(idAt(60), { type: 'all' }))?.state).to.equal('stopped')
      expect(new Set(touched)).to.deep.equal(new Set([idAt(1), idAt(60)]))
      expect(await store.journal.unforwarded(10)).to.deep.equal([])
      expect(runtime.counted.get('holdfast_facts_set_aside_total')).to.equal(1)
      const aside = await store.setAside()
      expect(aside.map(({ sequence, fact }) => [sequence, fact])).to.deep.equal([[before.length + 1, POISON]])
      expect(aside[0]?.error).to.include('NOT NULL')
      const { entries } = await store.audit.read({ objectId: idAt(1), actorId: null, action: 'recording.incident', from: null, to: null }, { first: 10, before: null })
      expect(entries.map(({ entry }) => entry.reason)).to.deep.equal(['fact-set-aside'])
    })
  })

  it('keeps every fact in the journal while the catalogue fails for reasons of its own', async () => {
    await withStore(async ({ store, runtime, carry }) => {
      await store.journal.append(wholeLife({ id: idAt(1) }))
      await store.breakCatalogue()
      await carry()
      expect(await store.journal.unforwarded(100)).to.have.length(wholeLife({ id: idAt(1) }).length)
      expect(runtime.counted.get('holdfast_catalogue_unreached_total')).to.equal(1)
      expect(runtime.counted.get('holdfast_facts_set_aside_total')).to.equal(undefined)
    })
  })
})

/** What the lifecycle allows and the database cannot keep: a party without its channel. */
const POISON = { type: 'party-joined', recordingId: idAt(1), at: seconds(1), party: { channelId: null, side: 'agent', identity: { number: null, name: null }, endpoint: null, fromAt: seconds(1), toAt: null } } as unknown as CaptureFact

interface Bench {
  readonly runtime: ReturnType<typeof labelledRuntime>
  readonly store: {
    readonly journal: CaptureJournal
    readonly repository: RecordingRepository
    readonly audit: AuditLog
    setAside(): Promise<readonly { readonly sequence: number; readonly fact: CaptureFact; readonly error: string }[]>
    /** The tables are gone that every fact needs: no fact is at fault. */
    breakCatalogue(): Promise<void>
  }
  /** Forwards what there is, and tells which recordings changed. */
  readonly carry: () => Promise<readonly RecordingId[]>
}

async function withStore(test: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = await temporaryDirectory()
  const runtime = labelledRuntime()
  const database = await openSqliteDatabase({ file: join(directory, 'catalogue.db'), schema: 'catalogue', readers: 'own' })
  const journal = await openSqliteJournal({ file: join(directory, 'journal.db'), nodeNumber: 0, runtime })
  const { repository, audit } = catalogueIn(database, { node: NODE, runtime })
  try {
    await test({
      runtime,
      store: {
        journal, repository, audit,
        setAside: async () => (await database.read((tx) => tx.selectFrom('facts_set_aside').selectAll().orderBy('sequence').execute()))
          .map(({ sequence, fact, error }) => ({ sequence, fact: factFromJson(Buffer.from(fact).toString('utf8')), error })),
        breakCatalogue: () => database.change(async (tx) => {
          for (const table of ['facts_set_aside', 'interactions', 'attached', 'parties']) await tx.schema.dropTable(table).execute()
        }),
      },
      carry: async () => {
        const carried: RecordingId[] = []
        const forwarder = new JournalForwarder({ journal, repository, node: NODE, runtime, forwarded: (touched) => void carried.push(...touched) })
        await forwarder.settled()
        await forwarder.close()
        return carried
      },
    })
  } finally {
    await journal[Symbol.asyncDispose]()
    await database.close()
  }
}

/** Remembers also the labels that something was counted with last. */
function labelledRuntime(): ReturnType<typeof quietRuntime> & { readonly labelled: ReadonlyMap<string, Readonly<Record<string, string>>> } {
  const quiet = quietRuntime()
  const labelled = new Map<string, Readonly<Record<string, string>>>()
  const count: Runtime['metrics']['count'] = (name, labels, by) => {
    labelled.set(name, labels ?? {})
    quiet.metrics.count(name, labels, by)
  }
  return { ...quiet, labelled, metrics: { ...quiet.metrics, count } }
}
