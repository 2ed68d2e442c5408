import { randomBytes } from 'node:crypto'
import { HoldfastError } from '../../core/domain/errors.ts'
import { withinDeadline } from './deadline.ts'
import { exchange, type PhoneLine } from './phone-line.ts'
import type { SipHeader, SipRequest, SipResponse } from './sip-message.ts'

/** Asked for; renewed at half of it, so that one lost renewal costs nothing. */
const EXPIRES_SECONDS = 600
/** A PBX that is gone cannot take note of our leaving. */
const UNREGISTER_DEADLINE_MS = 1000

/** Tells the PBX where the telephone is, until it is closed. Source: RFC 3261 §10.2 */
export class Registration {
  readonly #line: PhoneLine
  readonly #callId = randomBytes(12).toString('hex')
  readonly #tag = randomBytes(8).toString('hex')
  #sequence = 0
  #renewal: NodeJS.Timeout | null = null
  #registered = false

  constructor(line: PhoneLine) {
    this.#line = line
  }

  /** @throws HoldfastError `PHONE_CALL_FAILED` when it is refused, `PHONE_TIMEOUT` */
  async register(): Promise<void> {
    const response = await this.#exchange(EXPIRES_SECONDS)
    if (response.status >= 300) throw new HoldfastError('PHONE_CALL_FAILED', `the registration was refused: ${response.status}`, { status: response.status })
    this.#registered = true
    this.#renewLater()
  }

  async close(): Promise<void> {
    this.#stopRenewal()
    if (!this.#registered) return
    this.#registered = false
    // The entry expires by itself when the PBX cannot be told.
    await withinDeadline(this.#exchange(0), UNREGISTER_DEADLINE_MS, 'unregistering').catch(() => undefined)
  }

  #renewLater(): void {
    this.#stopRenewal()
    this.#renewal = setTimeout(() => {
      // A PBX that is away now is told at the next renewal.
      void this.#exchange(EXPIRES_SECONDS).catch(() => undefined)
      this.#renewLater()
    }, (EXPIRES_SECONDS * 1000) / 2)
  }

  #stopRenewal(): void {
    if (this.#renewal !== null) clearTimeout(this.#renewal)
    this.#renewal = null
  }

  #exchange(expiresSeconds: number): Promise<SipResponse> {
    return exchange(this.#line, { destination: this.#line.proxy, build: (authorization) => this.#request(expiresSeconds, authorization) })
  }

  #request(expiresSeconds: number, authorization: readonly SipHeader[]): SipRequest {
    this.#sequence += 1
    const headers: SipHeader[] = [
      ['Max-Forwards', '70'],
      ['From', `<${this.#line.localUri}>;tag=${this.#tag}`],
      ['To', `<${this.#line.localUri}>`],
      ['Call-ID', this.#callId],
      ['CSeq', `${this.#sequence} REGISTER`],
      ['Contact', this.#line.contact],
      ['Expires', String(expiresSeconds)],
    ]
    const registrar = this.#line.localUri.replace(/^sip:[^@]*@/, 'sip:')
    return { type: 'request', method: 'REGISTER', uri: registrar, headers: [...headers, ...authorization], body: '' }
  }
}
