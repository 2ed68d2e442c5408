import { after, afterEach, before, type Context, describe, it } from 'mocha'
import type { Inability, PbxDeed, PbxSubject } from '../support/pbx/pbx-subject.ts'
import { adoptionContract } from './pbx-adapter/adoption.ts'
import { attachedDataContract } from './pbx-adapter/attached-data.ts'
import { callEventsContract } from './pbx-adapter/call-events.ts'
import { linkContract } from './pbx-adapter/link.ts'
import { pauseContract } from './pbx-adapter/pause.ts'
import { recorderContract } from './pbx-adapter/recorder.ts'
import { resyncContract } from './pbx-adapter/resync.ts'

/** Restarts, and deadlines that really pass. */
const SUITE_TIMEOUT_MS = 60_000

export interface PbxUnderTest {
  readonly name: string
  readonly cannot: Inability
  /** May pass the suite over where what it needs is not there. */
  readonly open: (context: Context) => Promise<PbxSubject>
}

/** What each part of the contract is given. */
export interface PbxContract {
  readonly subject: () => PbxSubject
  /** A test that needs a deed: where the subject cannot play it, the test is listed as not played, with the reason. */
  readonly needs: (deed: PbxDeed) => (sentence: string, test: () => Promise<void>) => void
}

/** What capture relies upon in a PBX adapter, in the words of the port. */
export function pbxAdapterContract({ name, cannot, open }: PbxUnderTest): void {
  describe(`PbxAdapter: ${name}`, function () {
    this.timeout(SUITE_TIMEOUT_MS)
    let subject: PbxSubject | null = null

    before(async function () {
      subject = await open(this)
    })
    afterEach(async () => {
      subject?.mend()
      await subject?.endCalls()
    })
    after(async () => {
      await subject?.[Symbol.asyncDispose]()
    })

    const contract: PbxContract = {
      subject: () => {
        if (subject === null) throw new Error(`${name} was not opened`)
        return subject
      },
      needs: (deed) => (sentence, test) => {
        const reason = cannot[deed]
        if (reason === undefined) it(sentence, test)
        else it(`${sentence} [not played: ${reason}]`)
      },
    }
    linkContract(contract)
    callEventsContract(contract)
    attachedDataContract(contract)
    recorderContract(contract)
    pauseContract(contract)
    resyncContract(contract)
    adoptionContract(contract)
  })
}
