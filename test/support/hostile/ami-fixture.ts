import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AmiMessage } from '../../../adapters/asterisk/ami-message.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/asterisk')

/** Events that an Asterisk sent, in order. */
export function amiFixture(name: string): readonly AmiMessage[] {
  return readFileSync(join(FOLDER, `${name}.txt`), 'utf8').trim().split('\n\n').map(amiText)
}

/** One message, written as on the wire; an event gets the class that Asterisk writes behind its name, where the text leaves it out. */
export function amiText(text: string): AmiMessage {
  const headers = new Map<string, string[]>()
  const lines = text.split('\n')
  if (lines[0]?.startsWith('Event:') === true && !/^Privilege:/m.test(text)) lines.splice(1, 0, 'Privilege: call,all')
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trimStart()])
  }
  return new AmiMessage(headers)
}
