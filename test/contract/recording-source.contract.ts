import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import type { RecordingSource } from '../../core/ports/recording-source.ts'
import { collect, patternBytes } from '../support/bytes.ts'
import { expectCode } from '../support/rejection.ts'

/** A source and the hand of the PBX: what it writes lies below the spool's root. */
export interface OpenedRecordingSource {
  readonly source: RecordingSource
  readonly write: (name: string, bytes: Uint8Array) => Promise<void>
}

const NEVER = new AbortController().signal
const NAME = 'holdfast/891234567890123.0.rx.wav'
const OTHER = 'holdfast/native-site-a-1795334468.0.1.tx.wav'
/** Names that could lead to another file. */
const ELSEWHERE = ['', 'holdfast', 'holdfast/', '/etc/passwd', '../secret.wav', 'holdfast/../secret.wav', 'holdfast/a/b.wav', 'holdfast/.hidden.wav', 'holdfast/a\0.wav', 'holdfast/a%2Fb.wav', 'other/a.wav', `holdfast/${'a'.repeat(300)}.wav`]

/** What every source of spool files does. `open` gives one whose spool is empty. */
export function recordingSourceContract(name: string, open: () => Promise<OpenedRecordingSource>): void {
  describe(`${name} is a RecordingSource`, () => {
    let source: RecordingSource
    let write: OpenedRecordingSource['write']

    beforeEach(async () => {
      ({ source, write } = await open())
    })

    it('has nothing before the first recording', async () => {
      expect(await source.list(NEVER)).to.deep.equal([])
      expect(await source.stat(NAME, NEVER)).to.equal(null)
    })

    it('lists what lies in our folder, and nothing beside it', async () => {
      await write(NAME, wav(100))
      await write(OTHER, wav(300))
      await write('somebody-elses.wav', wav(10))
      const listed = await source.list(NEVER)
      expect(listed.map((file) => `${file.name} ${file.sizeBytes}`).toSorted()).to.deep.equal([`${NAME} 144`, `${OTHER} 344`])
      expect(Math.abs(Date.now() - (listed[0]?.modifiedAt.getTime() ?? 0))).to.be.lessThan(60_000)
    })

    it('sees a file grow', async () => {
      await write(NAME, wav(100))
      expect((await source.stat(NAME, NEVER))?.sizeBytes).to.equal(144)
      await write(NAME, wav(5000))
      expect((await source.stat(NAME, NEVER))?.sizeBytes).to.equal(5044)
    })

    for (const sizeBytes of [1, 65_536, 65_537, 1_000_003]) {
      it(`gives ${sizeBytes} bytes of sound as they were, and again for another pass`, async () => {
        const bytes = wav(sizeBytes)
        await write(NAME, bytes)
        for (const pass of ['first', 'second']) {
          const opened = await source.open(NAME, NEVER)
          expect(opened.sizeBytes, pass).to.equal(bytes.length)
          expect((await collect(opened.bytes)).equals(bytes), pass).to.equal(true)
        }
      })
    }

    it('reads two files at once', async () => {
      await write(NAME, wav(400_000))
      await write(OTHER, wav(300_000))
      const [a, b] = await Promise.all([source.open(NAME, NEVER), source.open(OTHER, NEVER)])
      const [first, second] = await Promise.all([collect(a.bytes), collect(b.bytes)])
      expect([first.length, second.length]).to.deep.equal([400_044, 300_044])
    })

    it('holds nothing open for a stream that is left, or never begun', async () => {
      await write(NAME, wav(1_000_000))
      await source.open(NAME, NEVER)
      const { bytes } = await source.open(NAME, NEVER)
      for await (const chunk of bytes) {
        expect(chunk.length).to.be.greaterThan(0)
        break
      }
    })

    it('names a file that is not there', async () => {
      await expectCode(source.open(NAME, NEVER), 'SPOOL_FILE_MISSING')
    })

    it('destroys a file, and has no objection to one that is gone', async () => {
      await write(NAME, wav(100))
      await source.remove(NAME, NEVER)
      await source.remove(NAME, NEVER)
      expect(await source.stat(NAME, NEVER)).to.equal(null)
      expect(await source.list(NEVER)).to.deep.equal([])
    })

    it('refuses every name that could lead elsewhere', async () => {
      await write('secret.wav', wav(10))
      for (const evil of ELSEWHERE) {
        await expectCode(source.stat(evil, NEVER), 'FIELD_REFUSED')
        await expectCode(source.open(evil, NEVER), 'FIELD_REFUSED')
        await expectCode(source.remove(evil, NEVER), 'FIELD_REFUSED')
      }
    })

    it('ends when its caller has lost patience', async () => {
      await write(NAME, wav(1_000_000))
      const impatient = new AbortController()
      const { bytes } = await source.open(NAME, impatient.signal)
      const read = async (): Promise<void> => {
        for await (const _ of bytes) impatient.abort()
      }
      expect(await read().then(() => 'read', () => 'ended')).to.equal('ended')
      expect(await source.list(AbortSignal.abort()).then(() => 'listed', () => 'ended')).to.equal('ended')
    })
  })
}

/** A header's worth of bytes and then sound: some PBXs look at neither. */
function wav(soundBytes: number): Buffer {
  return Buffer.from(patternBytes(44 + soundBytes))
}
