import type { AttachedChange } from '../../core/domain/attached-data.ts'
import type { EslMessage } from './esl-message.ts'
import type { Leg } from './legs.ts'
import { attachedEntry } from './native-note.ts'
import type { RefusedWord } from './native-note.ts'

export interface ChangesContext {
  /** Keys of attached data that are kept. */
  readonly keys: ReadonlySet<string>
  readonly refused: (reason: RefusedWord) => void
}

/**
 * What an event's variables say otherwise than the leg's last one: a variable that another program sets is told by no event of its
 * own. One that is gone is empty.
 */
export function changesOf(message: EslMessage, leg: Leg, { at, ...context }: ChangesContext & { readonly at: Date }): readonly AttachedChange[] {
  // Each message with variables has this one; others say nothing of them. Source: FreeSWITCH 1.10 switch_core_session.c
  if (message.get('variable_uuid') === null) return []
  const changes: AttachedChange[] = []
  for (const key of context.keys) {
    const value = message.get(`variable_${key}`) ?? ''
    const change = changed(leg, { key, value, at }, context)
    if (change !== null) changes.push(change)
  }
  return changes
}

/** They set variables of a leg. */
export const SETTING_COMMANDS: ReadonlySet<string> = new Set(['uuid_setvar', 'uuid_setvar_multi'])

/** `uuid_setvar <uuid> <key> <value>`, told as it was done. Source: FreeSWITCH 1.10 mod_commands.c, `uuid_setvar_function`, `uuid_setvar_multi_function` */
export function changesByApi(message: EslMessage, leg: Leg, { at, ...context }: ChangesContext & { readonly at: Date }): readonly AttachedChange[] {
  const words = (message.get('API-Command-Argument') ?? '').replace(/^\S+\s+/, '')
  return assignments(message.get('API-Command') ?? '', words).flatMap(({ key, value }) => {
    const change = context.keys.has(key) ? changed(leg, { key, value, at }, context) : null
    return change === null ? [] : [change]
  })
}

interface Assignment {
  readonly key: string
  readonly value: string
}

function assignments(command: string, words: string): readonly Assignment[] {
  if (command === 'uuid_setvar') return [split(words, ' ')]
  if (command !== 'uuid_setvar_multi') return []
  const [, delimiter = ';', list = ''] = /^\^\^(.)(.*)$/s.exec(words) ?? [null, ';', words]
  return list.split(delimiter).map((one) => split(one, '='))
}

function split(text: string, separator: string): Assignment {
  const at = text.indexOf(separator)
  return at === -1 ? { key: text, value: '' } : { key: text.slice(0, at), value: text.slice(at + 1).trim() }
}

function changed(leg: Leg, assignment: Assignment & { readonly at: Date }, context: Pick<ChangesContext, 'refused'>): AttachedChange | null {
  const { key, value } = assignment
  if ((leg.attached.get(key) ?? '') === value) return null
  leg.attached.set(key, value)
  return attachedChange(assignment, context)
}

/** A change that is kept, or `null` for a key or a value that may not be. */
export function attachedChange({ key, value, at }: Assignment & { readonly at: Date }, { refused }: Pick<ChangesContext, 'refused'>): AttachedChange | null {
  return attachedEntry(key, value, refused) === null ? null : { key, value, source: 'dialplan', at }
}
