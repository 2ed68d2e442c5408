import { argv, exit } from 'node:process'
import { LineServer } from '../../support/simulated/line-server.ts'
import { CAPTURED_CALLS } from './captured-calls.ts'
import { isLinkName } from './links.ts'

/** A process of its own, so that its work is not counted: tells its port and how many events it has, and sends them when it is told to. */
const [, , name = '', atLeast = ''] = argv
if (!isLinkName(name)) throw new Error(`no link ${name}`)
const { bytes, events } = CAPTURED_CALLS[name](Number(atLeast))
const greeting = name === 'AMI' ? 'Asterisk Call Manager/11.0.0\r\n' : 'Content-Type: auth/request\n\n'
const server = await LineServer.open({ greeting, end: name === 'AMI' ? '\r\n\r\n' : '\n\n' })
server.heard = (client, message) => {
  client.isListening = true
  client.write(name === 'AMI' ? `Response: Success\r\nActionID: ${/^actionid: (\S+)/im.exec(message)?.[1] ?? ''}\r\n\r\n` : 'Content-Type: command/reply\nReply-Text: +OK accepted\n\n')
}
process.on('message', () => server.send(bytes))
process.on('disconnect', () => exit(0))
process.send?.({ port: server.port, events, bytes: bytes.length })
