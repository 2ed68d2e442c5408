/** The part of modesl 1.2.1 that we use; the package brings no types. */
declare module 'modesl' {
  import type { Socket } from 'node:net'

  /** What the package made of a message; of a JSON event it has read the body. */
  export interface ParsedEvent {
    readonly headers: readonly { readonly name: string; readonly value: unknown }[]
    getHeader(name: string): unknown
  }

  export interface Parser {
    on(name: 'esl::event', listener: (event: ParsedEvent, headers: Readonly<Record<string, unknown>>, body?: string) => void): void
    on(name: 'error', listener: (error: unknown) => void): void
    removeAllListeners(name: string): void
  }

  /** Connects at once. `parser` is there from the moment in which the socket has connected. */
  export interface Connection {
    readonly socket: Socket
    readonly parser: Parser
    on(name: 'error' | 'esl::connect', listener: (error?: unknown) => void): void
    /** Writes the line and an empty one. */
    send(line: string): void
  }

  const modesl: { readonly Connection: new (host: string, port: number, password: string) => Connection }
  export default modesl
}
