interface Silence {
  readonly fromMs: number
  toMs: number | null
}

/** When the recorders of a simulated PBX, also those that have ended, were told to be silent. */
export class Silences {
  readonly #byFile = new Map<string, Silence[]>()

  /** Idempotent. */
  change(file: string, to: 'silent' | 'heard'): void {
    const silences = this.#byFile.get(file) ?? []
    this.#byFile.set(file, silences)
    const last = silences.at(-1)
    if (to === 'heard') {
      if (last !== undefined) last.toMs ??= Date.now()
    } else if (last?.toMs !== null) silences.push({ fromMs: Date.now(), toMs: null })
  }

  /** Without a break. */
  longestMs(file: string): number {
    return Math.max(0, ...(this.#byFile.get(file) ?? []).map(({ fromMs, toMs }) => (toMs ?? Date.now()) - fromMs))
  }
}
