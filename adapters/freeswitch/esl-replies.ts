import { type ErrorCode, HoldfastError } from '../../core/domain/errors.ts'

/** What FreeSWITCH says when it refuses, and what it means. Everything else is `PBX_REFUSED`. Source: mod_commands.c 1.10; seen */
const REFUSALS: Readonly<Record<string, ErrorCode>> = {
  'Cannot locate session!': 'CHANNEL_GONE',
  'No such channel!': 'CHANNEL_GONE',
  // The event socket's own word for a command that printed nothing: of those that we give, `uuid_buglist` alone, of a leg that is gone.
  'no reply': 'CHANNEL_GONE',
}

/** No recorder with this path is, or no longer, on the channel. Source: mod_commands.c 1.10, uuid_record; seen */
const NO_SUCH_RECORDER: ReadonlySet<string> = new Set(['Cannot stop record session!', 'Cannot mask recording session!', 'Cannot unmask recording session!'])

/** Whether a refusal means that the recorder has ended already, or has not begun. */
export function isRecorderGone(error: HoldfastError): boolean {
  return error.code === 'CHANNEL_GONE' || error.details['recorder'] === 'gone'
}

/**
 * What an API command printed, unless it is a refusal: the one place where FreeSWITCH's words become codes.
 * @throws HoldfastError `CHANNEL_GONE`; `PBX_REFUSED`
 */
export function accepted(line: string, reply: string): string {
  const [, kind, said = ''] = /^-(ERR|USAGE):? ?(.*)/.exec(reply) ?? []
  if (kind === undefined) return reply
  const command = line.slice(0, line.indexOf(' '))
  const code = REFUSALS[said.trim()] ?? 'PBX_REFUSED'
  throw new HoldfastError(code, `FreeSWITCH refused ${command}: ${said.trim()}`, { command, ...(NO_SUCH_RECORDER.has(said.trim()) ? { recorder: 'gone' } : {}) })
}

/** The files into which is written what is said on a leg, as `uuid_buglist` tells them: absolute paths. Source: FreeSWITCH 1.10 mod_commands.c, `uuid_buglist`; seen */
export function recorderFilesIn(listed: string): readonly string[] {
  return [...listed.matchAll(/<function>session_record<\/function>\s*<target>([^<]*)<\/target>/g)].map(([, target = '']) => target)
}
