/** The part of asterisk-manager 0.2.0 that we use; the package brings no types. */
declare module 'asterisk-manager' {
  import type { EventEmitter } from 'node:events'
  import type { NetConnectOpts } from 'node:net'

  export interface Manager extends Pick<EventEmitter, 'on' | 'emit' | 'removeAllListeners'> {
    /** `target` goes to `net.createConnection` as its first argument. */
    connect(target: NetConnectOpts, host: string, callback: () => void): void
    /** The callback gets the refusal, or nothing. It comes only when the reply's ActionID is emitted. */
    login(callback: (refusal?: object) => void): void
    /** Before the login the action is held and sent later, in whatever state the call then is. */
    action(fields: Record<string, string>, callback: () => void): void
    disconnect(): void
  }

  /** Without a port nothing is connected yet. */
  const Manager: new (port: null, host: string, username: string, secret: string, events: false) => Manager
  export default Manager
}
