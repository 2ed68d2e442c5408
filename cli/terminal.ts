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

/** This process's own. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
}
