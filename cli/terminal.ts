import { writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { EXIT } from './exit-code.ts'
import { fileCode, wordsOf } from './file-trouble.ts'

/** Where a command speaks: results to `out`, everything else to `err`, whole lines. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
}

/** Control characters but tab and line feed (U+009B begins a command to the terminal as ESC [ does), what turns the direction of text round, and other line ends. */
const COMMANDS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu
const OF_LINES = '\t\n'

/**
 * A text that tells a terminal nothing but its letters: callers write names and data, and a terminal obeys what it reads. What would
 * command stands there as `\u009b`, which JSON that is printed reads back as it was.
 */
export function printable(text: string): string {
  return text.replace(COMMANDS, (sign) => OF_LINES.includes(sign) ? sign : `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}

/** The same terminal, for texts that hold strangers' words. */
export function guarded(terminal: Terminal): Terminal {
  return { out: (text) => terminal.out(printable(text)), err: (text) => terminal.err(printable(text)) }
}

/**
 * A terminal on two streams. A reader who has seen enough and goes (`holdfast token list | head`) ends no command: what was asked is done to its end, unseen.
 * @param lost - told the system's code when what is printed cannot be written for another reason, such as a full disk
 */
export function terminalOn({ stdout, stderr, lost }: { readonly stdout: Writable; readonly stderr: Writable; readonly lost: (code: string) => void }): Terminal {
  for (const stream of [stdout, stderr]) stream.on('error', (error) => {
    const code = fileCode(error) ?? error.message
    if (code !== 'EPIPE') lost(code)
  })
  return { out: (text) => void stdout.write(`${text}\n`), err: (text) => void stderr.write(`${text}\n`) }
}

/** This process's own. */
export function processTerminal(): Terminal {
  return terminalOn({
    stdout: process.stdout, stderr: process.stderr,
    lost: (code) => {
      // Whoever kept what was printed has a part of it alone: a receipt, a proof, a token that is shown once.
      writeSync(STDERR, `holdfast: what is printed cannot be written: ${wordsOf(code)}\n`)
      process.exit(EXIT.failure)
    },
  })
}

const STDERR = 2
