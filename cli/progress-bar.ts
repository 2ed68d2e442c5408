/** Redrawn at most so often: a terminal over a slow line must not hold up the work. */
const EVERY_MS = 100
const WIDTH = 30

/** Where a bar is drawn: standard error as a rule. */
export interface ProgressScreen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** One line that is drawn over itself while work goes on. Nothing is drawn where nobody looks: into files and pipes. */
export class ProgressBar implements Disposable {
  readonly #what: string
  readonly #screen: ProgressScreen
  readonly #beganAt = performance.now()
  #drawnAt = -Infinity
  #shown: 'yes' | 'no' = 'no'

  constructor(what: string, screen: ProgressScreen = process.stderr) {
    this.#what = what
    this.#screen = screen
  }

  /** @param of - how much there is altogether; it may grow */
  show(done: number, of: number): void {
    const now = performance.now()
    if (this.#screen.isTTY !== true || (now - this.#drawnAt < EVERY_MS && done < of)) return
    this.#drawnAt = now
    this.#shown = 'yes'
    this.#screen.write(`\r\u001b[2K${progressLine({ what: this.#what, done, of, elapsedMs: now - this.#beganAt })}`)
  }

  /** Takes the line away. */
  [Symbol.dispose](): void {
    if (this.#shown === 'yes') this.#screen.write('\r\u001b[2K')
    this.#shown = 'no'
  }
}

/** `verify node-1  [#########         ]  31 %  310000 of 1000000, 7 s left` */
export function progressLine({ what, done, of, elapsedMs }: { readonly what: string; readonly done: number; readonly of: number; readonly elapsedMs: number }): string {
  const share = of === 0 ? 1 : Math.min(1, done / of)
  const filled = Math.round(share * WIDTH)
  const left = share > 0 && share < 1 ? `, ${Math.ceil(elapsedMs * (1 - share) / share / 1000)} s left` : ''
  return `${what}  [${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}]  ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${of}${left}`
}
