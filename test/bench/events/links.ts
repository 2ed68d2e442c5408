import { once } from 'node:events'
import { connect } from 'node:net'
import { AmiConnection } from '../../../adapters/asterisk/ami-connection.ts'
import { EventReader as AmiEventReader } from '../../../adapters/asterisk/event-reader.ts'
import { EslConnection } from '../../../adapters/freeswitch/esl-connection.ts'
import { EventReader as EslEventReader } from '../../../adapters/freeswitch/event-reader.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import { quietRuntime } from '../../support/quiet-runtime.ts'

export const LINK_NAMES = ['AMI', 'ESL'] as const
export type LinkName = (typeof LINK_NAMES)[number]

export function isLinkName(name: string): name is LinkName {
  return LINK_NAMES.some((known) => known === name)
}

/** Logged in; tells each event that it read. */
export interface OpenLink {
  close(): void
}
export type OpenWay = (port: number, heard: () => void) => Promise<OpenLink>

export const WAYS = ['bare parser', 'link', 'link and reader'] as const
export type Way = (typeof WAYS)[number]

/** How events can be read: by a parser that does nothing else, by our connection with its package, and with what makes events of ours. */
export const LINKS: Readonly<Record<LinkName, Readonly<Record<Way, OpenWay>>>> = {
  AMI: {
    'bare parser': async (port, heard) => await bare(port, { login: 'Action: Login\r\nActionID: 1\r\n\r\n', take: amiMessages(heard) }),
    link: async (port, heard) => await ami(port, heard),
    'link and reader': async (port, heard) => {
      const reader = new AmiEventReader({ pbxId: parsePbxId('bench'), attachedKeys: new Set(['record']), recordingDirectory: '/var/spool/asterisk/recording', runtime: quietRuntime(), now: () => new Date() })
      return await ami(port, (message) => {
        reader.read(message)
        heard()
      })
    },
  },
  ESL: {
    'bare parser': async (port, heard) => await bare(port, { login: 'auth x\n\n', take: eslMessages(heard) }),
    link: async (port, heard) => await esl(port, heard),
    'link and reader': async (port, heard) => {
      const reader = new EslEventReader({ pbxId: parsePbxId('bench'), wanted: () => ({ keys: ['record'], headers: new Map() }), recordingDirectory: '/var/lib/freeswitch/recordings', runtime: quietRuntime(), now: () => new Date() })
      reader.know([])
      return await esl(port, (message) => {
        reader.read(message)
        heard()
      })
    },
  },
}

async function ami(port: number, event: Parameters<typeof AmiConnection.open>[1]['event']): Promise<OpenLink> {
  const connection = await AmiConnection.open({ host: '127.0.0.1', port, username: 'bench', secret: 'bench', tls: null }, { event, fault: fail })
  return { close: () => connection.close('measured') }
}

async function esl(port: number, event: Parameters<typeof EslConnection.open>[1]['event']): Promise<OpenLink> {
  const connection = await EslConnection.open({ host: '127.0.0.1', port, password: 'bench' }, { event, fault: fail })
  return { close: () => connection.close('measured') }
}

function fail(error: unknown): void {
  throw error
}

async function bare(port: number, { login, take }: { readonly login: string; readonly take: (bytes: Buffer) => void }): Promise<OpenLink> {
  const socket = connect(port, '127.0.0.1')
  socket.write(login)
  let greeting = ''
  while (!/Success|\+OK/.test(greeting)) greeting += String((await once(socket, 'data') as [Buffer])[0])
  socket.on('data', take)
  return { close: () => socket.destroy() }
}

/** The least that tells messages and their headers. */
function amiMessages(heard: () => void): (bytes: Buffer) => void {
  let unread = ''
  return (bytes) => {
    const messages = (unread + bytes.toString('utf8')).split('\r\n\r\n')
    unread = messages.pop() ?? ''
    for (const message of messages) {
      const headers = new Map(message.split('\r\n').map((line) => {
        const colon = line.indexOf(': ')
        return [line.slice(0, colon), line.slice(colon + 2)] as const
      }))
      if (headers.has('Event')) heard()
    }
  }
}

function eslMessages(heard: () => void): (bytes: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0)
  return (bytes) => {
    unread = unread.length === 0 ? bytes : Buffer.concat([unread, bytes])
    let at = 0
    for (;;) {
      const end = unread.indexOf('\n\n', at)
      if (end === -1) break
      const length = Number(/^Content-Length: (\d+)$/m.exec(unread.toString('latin1', at, end))?.[1] ?? 0)
      if (end + 2 + length > unread.length) break
      if (length > 0 && typeof JSON.parse(unread.toString('utf8', end + 2, end + 2 + length)) === 'object') heard()
      at = end + 2 + length
    }
    unread = unread.subarray(at)
  }
}
