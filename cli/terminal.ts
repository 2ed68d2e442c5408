/** Where a command speaks: results to `out`, everything else to `err`, whole lines. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
}

/** This process's own. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
}
