import { execFile } from 'node:child_process'
import { chmod, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Context } from 'mocha'
import { findCommand } from './commands.ts'
import { orSkip } from './or-skip.ts'

const run = promisify(execFile)
/** It decodes an hour in seconds. */
const DEADLINE_MS = 120_000
/** Debian lays some libraries into folders of their own, which an installation would link. */
const NESTED = ['', 'blas', 'lapack', 'pulseaudio'] as const

/** The `ffmpeg` command as one file that can be started, for a suite; passed over loudly where it cannot be had. @param directory - where that file may lie */
export async function requireFfmpeg(context: Context, directory: string): Promise<string> {
  return await orSkip(context, '"ffmpeg" on the PATH, nor from Debian\'s package ffmpeg', async () => await findFfmpeg(directory))
}

async function findFfmpeg(directory: string): Promise<string> {
  const ffmpeg = await findCommand('ffmpeg', 'ffmpeg')
  // Where it was unpacked for us, libraries that this machine lacks lie beside it.
  const libraries = join(dirname(dirname(ffmpeg)), 'lib')
  const beside = (await readdir(libraries).catch(() => [])).filter((name) => name.endsWith('-linux-gnu')).flatMap((name) => NESTED.map((nested) => join(libraries, name, nested)))
  const file = join(directory, 'ffmpeg')
  await writeFile(file, `#!/bin/sh\nLD_LIBRARY_PATH='${beside.join(':')}' exec '${ffmpeg}' "$@"\n`)
  await chmod(file, 0o700)
  await run(file, ['-hide_banner', '-h', 'encoder=libopus'], { timeout: DEADLINE_MS })
  return file
}

/** A file of sound as the WAV that another decoder than the encoder's makes of it, with everything that it says about it. */
export async function decodedByFfmpeg(ffmpeg: string, from: string, to: string): Promise<string> {
  const { stderr } = await run(ffmpeg, ['-hide_banner', '-loglevel', 'warning', '-nostdin', '-y', '-c:a', 'libopus', '-i', from, '-f', 'wav', to], { timeout: DEADLINE_MS })
  return stderr.trim()
}
