import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { FfmpegEncoder } from '../../../../cli/export/ffmpeg-encoder.ts'
import { collect, inPieces, patternBytes } from '../../../support/bytes.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { expectCode } from '../../../support/rejection.ts'

const NEVER = new AbortController().signal

/** A program in ffmpeg's place. */
async function program(script: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'ffmpeg')
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o700)
  return file
}

describe('the encoder of Opus', () => {
  it('feeds a program through pipes and gives what it writes, however much it is', async () => {
    const wav = patternBytes(3_000_000)
    expect(await collect(new FfmpegEncoder(await program('exec cat')).opus(inPieces(wav), NEVER))).to.deep.equal(wav)
  })

  it('lets the program open nothing but its pipes, and runs no shell', async () => {
    const words = String(await collect(new FfmpegEncoder(await program('for word in "$@"; do echo "$word"; done; cat > /dev/null')).opus(inPieces(patternBytes(10)), NEVER))).split('\n')
    expect(words).to.include.members(['-protocol_whitelist', 'pipe', 'pipe:0', 'libopus', 'pipe:1'])
    expect(words[words.indexOf('-protocol_whitelist') + 1]).to.equal('pipe')
  })

  it('says that the program is not there, that it failed, and that it took too long', async () => {
    const opus = async (encoder: FfmpegEncoder): Promise<unknown> => await collect(encoder.opus(inPieces(patternBytes(100_000)), NEVER))
    await expectCode(opus(new FfmpegEncoder(join(await temporaryDirectory(), 'none'))), 'ENCODER_MISSING')
    await expectCode(opus(new FfmpegEncoder(await program('exit 3'))), 'ENCODER_FAILED')
    await expectCode(opus(new FfmpegEncoder(await program('exec sleep 60'), 50)), 'ENCODER_FAILED')
  })

  it('tells what went wrong with the sound as it is, and ends the program', async () => {
    async function* broken(): AsyncGenerator<Uint8Array, void> {
      yield await Promise.resolve(patternBytes(10))
      throw new Error('altered')
    }
    const encoder = new FfmpegEncoder(await program('exec cat'))
    expect(await collect(encoder.opus(broken(), NEVER)).catch((error: unknown) => String(error))).to.equal('Error: altered')
  })
})
