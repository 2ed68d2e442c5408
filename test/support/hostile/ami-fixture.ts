import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AmiMessage } from '../../../adapters/asterisk/ami-message.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/asterisk')

/** Events that an Asterisk sent, in order. */
export function amiFixture(name: string): readonly AmiMessage[] {
  return readFileSync(join(FOLDER, `${name}.txt`), 'utf8').trim().split('\n\n').map((text) => amiText(wholeEvent(text)))
}

/** What Asterisk writes of each channel, in its order. */
const CHANNEL = ['Channel', 'ChannelState', 'ChannelStateDesc', 'CallerIDNum', 'CallerIDName', 'ConnectedLineNum', 'ConnectedLineName', 'Language', 'AccountCode', 'Context', 'Exten', 'Priority', 'Uniqueid', 'Linkedid']
const PREFIXES = ['', 'Dest', 'Target', 'Transferee', 'Transferer', 'OrigTransferer', 'SecondTransferer', 'TransferTarget', 'LocalOne', 'LocalTwo']

/** An event with the class behind its name and with whole channels, as Asterisk writes them, where the text leaves something out. */
export function wholeEvent(text: string): string {
  let lines = text.split('\n')
  if (lines[0]?.startsWith('Event:') !== true) return text
  if (!/^Privilege:/m.test(text)) lines.splice(1, 0, 'Privilege: call,all')
  if (lines[0] === 'Event: Rename') return lines.join('\n')
  const isOf = (line: string, header: string): boolean => line.startsWith(`${header}:`)
  const stamp = lines.filter((line) => isOf(line, 'Timestamp'))
  lines = lines.filter((line) => !isOf(line, 'Timestamp'))
  lines.splice(2, 0, ...stamp)
  for (const prefix of PREFIXES) {
    const headers = CHANNEL.map((header) => prefix + header)
    const given = lines.filter((line) => headers.some((header) => isOf(line, header)))
    const at = lines.findIndex((line) => isOf(line, `${prefix}Uniqueid`) || isOf(line, `${prefix}Channel`))
    if (at === -1) continue
    const before = lines.slice(0, at).filter((line) => !given.includes(line))
    const behind = lines.slice(at).filter((line) => !given.includes(line))
    lines = [...before, ...headers.map((header) => given.find((line) => isOf(line, header)) ?? `${header}: `), ...behind]
  }
  return lines.join('\n')
}

/** One message, written as on the wire. */
export function amiText(text: string): AmiMessage {
  const headers = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trimStart()])
  }
  return new AmiMessage(headers)
}
