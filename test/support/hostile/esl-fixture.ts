import { readFileSync } from 'node:fs'
import { EslMessage } from '../../../adapters/freeswitch/esl-message.ts'

/** Events of a real FreeSWITCH, with the headers that are read: one JSON object a line, in the order in which they were sent. */
export function eslFixture(name: string): readonly EslMessage[] {
  const text = readFileSync(new URL(`../../fixtures/freeswitch/${name}.jsonl`, import.meta.url), 'utf8')
  return text.trimEnd().split('\n').map((line) => eslEvent(JSON.parse(line) as Record<string, string>))
}

export function eslEvent(headers: Readonly<Record<string, string>>): EslMessage {
  return new EslMessage('text/event-json', new Map(Object.entries(headers)), '')
}
