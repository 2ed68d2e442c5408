import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { FfmpegEncoder } from '../../../../cli/export/ffmpeg-encoder.ts'
import { wavHeader } from '../../../../core/domain/wav-header.ts'
import { oggOpus } from '../../../support/audio/ogg-opus.ts'
import { collect, inPieces, patternBytes } from '../../../support/bytes.ts'
import { temporaryDirectory, until } from '../../../support/hooks.ts'
import { expectCode } from '../../../support/rejection.ts'

const NEVER = new AbortController().signal
/** Ten seconds of two channels at 8 kHz. */
const SECONDS = 10
const DATA_BYTES = SECONDS * 32_000
const WAV = Buffer.concat([wavHeader({ channels: 2, sampleRateHz: 8000, dataBytes: DATA_BYTES }), patternBytes(DATA_BYTES)])

interface Fake {
  readonly file: string
  readonly directory: string
}

/** A program in ffmpeg's place; beside it, `$made` is what it could give. */
async function program(script: string, made: Uint8Array = oggOpus(SECONDS * 1000, 400_000)): Promise<Fake> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'ffmpeg')
  await writeFile(join(directory, 'made'), made)
  await writeFile(file, `#!/bin/sh\ncd '${directory}'\n${script}\n`)
  await chmod(file, 0o700)
  return { file, directory }
}

async function opus({ file }: Fake, { wav = inPieces(WAV), deadlineMs }: { readonly wav?: AsyncIterable<Uint8Array>; readonly deadlineMs?: number } = {}): Promise<Buffer> {
  return await collect(new FfmpegEncoder(file, deadlineMs).opus(wav, NEVER))
}

/** The first half of the sound, and then what `next` does. */
async function* half(next: () => Promise<void>): AsyncGenerator<Uint8Array, void> {
  yield WAV.subarray(0, WAV.length / 2)
  await next()
}

/** Until no process of that number is left, or a dead one alone. */
async function gone(fake: Fake, name: string): Promise<void> {
  const pid = Number(await readFile(join(fake.directory, name), 'utf8'))
  expect(pid).to.be.above(1)
  await until(async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: X')
    expect(status).to.match(/^State:\s+[XZ]/m)
  })
}

describe('the encoder of Opus', () => {
  it('feeds a program through pipes and gives what it writes, however much it is', async () => {
    const fake = await program('cat > given; exec cat made')
    expect((await opus(fake)).equals(oggOpus(SECONDS * 1000, 400_000))).to.equal(true)
    expect((await readFile(join(fake.directory, 'given'))).equals(WAV)).to.equal(true)
  })

  it('lets the program open nothing but its pipes, and runs no shell', async () => {
    const fake = await program('for word in "$@"; do echo "$word"; done > words; cat > /dev/null; exec cat made')
    await opus(fake)
    const words = (await readFile(join(fake.directory, 'words'), 'utf8')).split('\n')
    expect(words).to.include.members(['-protocol_whitelist', 'pipe', 'pipe:0', 'libopus', 'pipe:1'])
    expect(words[words.indexOf('-protocol_whitelist') + 1]).to.equal('pipe')
  })

  it('says that the program is not there', async () => {
    await expectCode(opus({ file: join(await temporaryDirectory(), 'none'), directory: '' }), 'ENCODER_MISSING')
  })

  it('tells how the program failed, and the last that it said', async () => {
    const { details } = await expectCode(opus(await program('cat > /dev/null; yes noise | head -c 300000 >&2; echo "pipe:0: Invalid data" >&2; exit 1')), 'ENCODER_FAILED')
    expect(details['status']).to.equal(1)
    expect(details['said']).to.match(/^[noise\n]*\npipe:0: Invalid data$/)
    expect(String(details['said']).length).to.be.at.most(500)
  })

  it('refuses a file that is shorter or longer than the sound, though the program says that all is well', async () => {
    for (const [script, ms] of [['cat > /dev/null; exec cat made', 5000], ['cat > /dev/null; exec cat made', 9979], ['cat > /dev/null; exec cat made', 10_021], ['head -c 1000 > /dev/null; exec cat made', 5000]] as const) {
      const { details } = await expectCode(opus(await program(script, oggOpus(ms))), 'ENCODER_FAILED')
      expect(details, script).to.include({ soundMs: SECONDS * 1000, opusMs: ms })
    }
    await expectCode(opus(await program('cat > /dev/null; head -c 100000 made')), 'ENCODER_FAILED')
    await expectCode(opus(await program('cat > /dev/null')), 'ENCODER_FAILED')
    // A packet more or less is rounding.
    for (const ms of [9980, 10_020]) expect((await opus(await program('cat > /dev/null; exec cat made', oggOpus(ms)))).length).to.be.above(100)
  })

  it('refuses what is made of a sound that ends before its head says, without any error', async () => {
    // What ffmpeg does: it makes what there is, and ends with 0.
    await expectCode(opus(await program('cat > /dev/null; exec cat made', oggOpus(5000)), { wav: half(async () => await Promise.resolve()) }), 'ENCODER_FAILED')
  })

  it('tells what went wrong with the sound as it is, and ends the program, whatever that is doing', async () => {
    const fake = await program('echo $$ > pid; head -c 1000 made; cat > /dev/null; exec sleep 600')
    const broken = half(async () => {
      await until(async () => expect(await readFile(join(fake.directory, 'pid'), 'utf8')).to.match(/\n/))
      throw new Error('altered')
    })
    expect(await opus(fake, { wav: broken }).catch((error: unknown) => String(error))).to.equal('Error: altered')
    await gone(fake, 'pid')
  })

  it('ends a program that hangs at its deadline, and whatever that has started, also where the sound hangs', async () => {
    const script = 'echo $$ > pid; sleep 600 & echo $! > child; wait'
    const never = (): Promise<void> => new Promise(() => undefined)
    for (const wav of [inPieces(WAV), half(never)]) {
      const fake = await program(script)
      const { details } = await expectCode(opus(fake, { wav, deadlineMs: 500 }), 'ENCODER_FAILED')
      expect(details['reason']).to.equal('ABORT_ERR')
      await gone(fake, 'pid')
      await gone(fake, 'child')
    }
  })

  it('ends the program when nobody wants the rest', async () => {
    const fake = await program('echo $$ > pid; cat made; exec sleep 600')
    for await (const piece of new FfmpegEncoder(fake.file).opus(inPieces(WAV), NEVER)) {
      expect(piece.length).to.be.above(0)
      break
    }
    await gone(fake, 'pid')
  })
})
