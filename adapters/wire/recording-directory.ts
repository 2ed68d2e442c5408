import { HoldfastError } from '../../core/domain/errors.ts'

/**
 * Characters that the recorders take as they are: a comma or a parenthesis would begin another option of MixMonitor, and `Command` is one
 * of them; `uuid_record` ends a path at a space, and a dollar, a brace or a backslash means something to FreeSWITCH's dialplan.
 * Source: facts of Asterisk 22 app_mixmonitor; FreeSWITCH 1.10 mod_commands.c
 */
const SAFE_DIRECTORY = /^\/[0-9A-Za-z._/-]*$/
/** Two paths, `r()t()i(HOLDFAST_MMID)` and the names within them must fit into one line of AMI. */
const MAX_DIRECTORY_BYTES = 400

/**
 * The spool's root as the PBX sees it.
 * @throws HoldfastError `CONFIG_INVALID` unless absolute, of `0-9A-Za-z._/-`, at most 400 bytes
 */
export function parseRecordingDirectory(text: string): string {
  if (!SAFE_DIRECTORY.test(text) || text.length > MAX_DIRECTORY_BYTES || text.split('/').includes('..')) {
    throw new HoldfastError('CONFIG_INVALID', `the recording directory has to be an absolute path of at most ${MAX_DIRECTORY_BYTES} characters 0-9 A-Z a-z . _ / - without ".."`)
  }
  return text.replace(/\/+$/, '')
}
