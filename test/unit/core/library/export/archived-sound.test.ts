import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Requester } from '../../../../../core/domain/actor.ts'
import type { RecordingId } from '../../../../../core/domain/ids.ts'
import { AuditWriter } from '../../../../../core/library/audit/audit-writer.ts'
import { Downloads } from '../../../../../core/library/export/downloads.ts'
import { STANDING_CHECK_MS } from '../../../../../core/library/playback/playback.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'
import { makerOf, NEVER, NO_ENCODER, orderOf, packageOf } from '../package-bench.ts'

interface Kept {
  readonly bench: LibraryBench
  readonly requester: Requester
  readonly id: RecordingId
  readonly plain: Buffer
  archive(): void
}

async function kept(): Promise<Kept> {
  const bench = await LibraryBench.open()
  const { id, plain } = await bench.stored({ sizeBytes: 300_000 })
  const requester = await bench.library.authentication.authenticate(await bench.token('compliance-officer'), 'local')
  const find = bench.repository.find.bind(bench.repository)
  const archive = (): void => {
    bench.repository.find = async (...asked) => {
      const found = await find(...asked)
      return found === null ? null : { ...found, state: 'archived' }
    }
  }
  return { bench, requester, id, plain, archive }
}

function downloadsOf({ bench }: Kept, playArchived: boolean): Downloads {
  const { library: { authentication }, audit, runtime } = bench
  return new Downloads({ maker: makerOf(bench, NO_ENCODER, playArchived), encoder: NO_ENCODER, authentication, audit: new AuditWriter({ audit, runtime }), clock: runtime.clock })
}

async function manifestOf({ bench, requester, id }: Kept, playArchived: boolean): Promise<{ readonly text: string; readonly archive: Buffer }> {
  const archive = await packageOf(makerOf(bench, NO_ENCODER, playArchived), orderOf(requester), { requester, ids: [id] })
  return { text: String(archive.subarray(archive.lastIndexOf('"receipt":'))), archive }
}

const ASKED = { audio: 'wav', reason: 'claim 4711' } as const

describe('the sound of an archived recording', () => {
  it('is left out of a package where nothing is played from the archive, and the manifest says why', async () => {
    const all = await kept()
    all.archive()
    const without = await manifestOf(all, false)
    expect(without.text).to.include('"withoutSound":"archived"').and.not.to.include('audio.wav')
    expect(without.archive.includes(all.plain.subarray(1000, 1064))).to.equal(false)
    const played = await manifestOf(all, true)
    expect(played.text).to.include('"withoutSound":null').and.to.include('audio.wav')
    expect(played.archive.includes(all.plain)).to.equal(true)
  })

  it('is downloaded only where it is played from the archive; a refusal stands in the audit', async () => {
    const all = await kept()
    const { ticket } = await downloadsOf(all, true).request(all.requester, all.id, ASKED)
    expect(ticket).not.to.equal('')
    all.archive()
    await downloadsOf(all, true).request(all.requester, all.id, ASKED)
    await expectCode(downloadsOf(all, false).request(all.requester, all.id, ASKED), 'MEDIA_ABSENT')
    expect(all.bench.audited()).to.include('recording.exported refused')
  })

  it('is refused to a ticket that is older than the archiving', async () => {
    const all = await kept()
    const downloads = downloadsOf(all, false)
    const { ticket } = await downloads.request(all.requester, all.id, ASKED)
    all.archive()
    await expectCode(downloads.open(ticket, null), 'MEDIA_ABSENT')
  })

  it('breaks off when it is archived while it is sent', async () => {
    const all = await kept()
    const downloads = downloadsOf(all, false)
    const { ticket } = await downloads.request(all.requester, all.id, ASKED)
    const bytes = (await downloads.open(ticket, null)).bytes(NEVER)
    expect((await bytes.next()).done).to.equal(false)
    all.archive()
    all.bench.pass(STANDING_CHECK_MS)
    await expectCode(bytes.next(), 'MEDIA_ABSENT')
  })
})
