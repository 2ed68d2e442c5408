import { ASTDB_FAMILY, KEYS_VARIABLE, nativeName } from '../../../adapters/asterisk/dialplan-names.ts'
import type { SimulatedAsterisk } from '../simulated/simulated-asterisk.ts'

/** Handed over whatever the rules ask for. Source: dialplan/asterisk/holdfast.conf, holdfast-hand-over */
const ALWAYS = ['record', 'GRECORD_PARTITIONS']
const WORDS = ['Because', 'Started', 'Recorder', 'Direction', 'Interaction', 'Caller', 'CallerName', 'Dialled', 'Announced', 'Directory'] as const

/** What a dialplan does with its own words, as far as it depends upon the service that is there now: for one play of a scene. */
export class DialplanWords {
  readonly #asterisk: SimulatedAsterisk
  readonly #notes: (readonly [string, string])[] = []
  #pieces = 0

  constructor(asterisk: SimulatedAsterisk) {
    this.#asterisk = asterisk
  }

  /** The message as the dialplan of now would raise it; `null`: it would not. */
  said(message: string): string | null {
    const word = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1] ?? ''
    switch (word('UserEvent')) {
      case 'HoldfastData': return this.#data(message, word)
      case 'HoldfastRecord': return message.replace(/^Pieces: \d+$/m, `Pieces: ${this.#take()}`)
      case 'HoldfastNative': {
        this.#note(word)
        return message.replace(/^Pieces: \d+$/m, `Pieces: ${this.#take()}`)
      }
      default: return message
    }
  }

  #data(message: string, word: (name: string) => string): string | null {
    const wanted = [...ALWAYS, ...(this.#asterisk.globals.get(KEYS_VARIABLE) ?? '').split(',')]
    if (!wanted.includes(word('Key'))) return null
    this.#pieces += 1
    this.#notes.push([`data/${word('Key')}/${word('Cut') === 'yes' ? 'cut' : word('Part')}`, word('Value')])
    return message
  }

  #take(): number {
    const pieces = this.#pieces
    this.#pieces = 0
    return pieces
  }

  /** What the event tells stands in the PBX's database, too, for a service that is not there. */
  #note(word: (name: string) => string): void {
    const below = `/${ASTDB_FAMILY}/${nativeName(word('Uniqueid'))}/${word('Number')}`
    const words: (readonly [string, string])[] = [['Channel', word('Uniqueid')], ['Call', word('Linkedid')], ...WORDS.map((name) => [name, word(name)] as const), ['Whole', 'yes'], ...this.#notes]
    for (const [name, value] of words) this.#asterisk.database.set(`${below}/${name}`, value)
  }
}
