import type { NativePause, NativeRecording } from '../../core/ports/pbx-event.ts'
import { listNatives, listPauses, listStarted } from './esl-commands.ts'
import type { EslConnection } from './esl-connection.ts'
import { nativesFromDump, type NoteContext } from './native-note.ts'
import { pausesFromDump } from './pause-note.ts'

/** What the dialplan did by itself while nobody listened. */
export interface DialplanNotes {
  readonly natives: readonly NativeRecording[]
  readonly pauses: readonly NativePause[]
}

/** A FreeSWITCH without mod_hash refuses the questions, and has noted nothing. Errors as `EslConnection.api`. */
export async function readNotes(connection: Pick<EslConnection, 'api'>, context: NoteContext): Promise<DialplanNotes> {
  const [natives = '', started = '', pauses = ''] = await Promise.all([listNatives(), listStarted(), listPauses()].map((line) => connection.api(line)))
  return { natives: nativesFromDump(natives, started, context), pauses: pausesFromDump(pauses, context) }
}
