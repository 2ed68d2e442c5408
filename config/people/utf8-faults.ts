import { isUtf8 } from 'node:buffer'
import type { Problem } from '../problem.ts'

const LINE_FEED = 0x0a
const REPLACEMENT = '\u{fffd}'
/** Byte order marks of UTF-16. No UTF-8 begins so. */
const UTF16_MARKS: ReadonlySet<string> = new Set(['fffe', 'feff'])

/** Each line that is no UTF-8, with the column of its first wrong byte: read all the same, somebody's name would be another one. */
export function utf8Faults(bytes: Buffer): readonly Problem[] {
  if (isUtf8(bytes)) return []
  if (UTF16_MARKS.has(bytes.subarray(0, 2).toString('hex'))) return [fault('is UTF-16: save it as UTF-8', 1, 1)]
  const faults: Problem[] = []
  for (let line = 1, start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(LINE_FEED, start)
    const end = feed === -1 ? bytes.length : feed
    const text = bytes.subarray(start, end)
    if (!isUtf8(text)) faults.push(fault('is not UTF-8 here', line, text.toString('utf8').indexOf(REPLACEMENT) + 1))
    start = end + 1
  }
  return faults
}

function fault(message: string, line: number, column: number): Problem {
  return { path: '', message, position: { line, column } }
}
