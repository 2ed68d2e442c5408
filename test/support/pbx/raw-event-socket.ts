import { once } from 'node:events'
import { connect } from 'node:net'

/** An event socket answers at once. */
const ANSWERED_WITHIN_MS = 5000

/** Who sets variables from outside, whatever is in them: our own connection refuses line breaks, and `uuid_setvar` cannot carry them. */
export async function setByMessage({ port, password }: { readonly port: number; readonly password: string }, channelId: string, assignments: readonly string[]): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text
  })
  const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS)
  const replies = async (count: number): Promise<void> => {
    while (heard.split('Reply-Text: +OK').length <= count) await once(socket, 'data', { signal })
  }
  try {
    await once(socket, 'data', { signal })
    socket.write(`auth ${password}\n\n`)
    await replies(1)
    for (const [index, assignment] of assignments.entries()) {
      socket.write(`sendmsg ${channelId}\ncall-command: execute\nexecute-app-name: set\ncontent-type: text/plain\ncontent-length: ${Buffer.byteLength(assignment)}\n\n${assignment}`)
      await replies(2 + index)
    }
  } finally {
    socket.destroy()
  }
}
