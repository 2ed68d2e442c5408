import { digestAuthorization, parseChallenge, type Credentials } from './digest-auth.ts'
import type { HostAndPort } from './sip-address.ts'
import type { ClientTransaction } from './sip-client-transaction.ts'
import { headerValues, type SipHeader, type SipRequest, type SipResponse } from './sip-message.ts'
import type { SipTransactions } from './sip-transactions.ts'

/** What every call of one telephone has in common. */
export type PhoneLine = {
  readonly transactions: SipTransactions
  /** Who we are: `sip:name@pbx`. */
  readonly localUri: string
  /** Where we are reached: `<sip:name@host:port>`. */
  readonly contact: string
  readonly proxy: HostAndPort
  readonly credentials: Credentials | null
  readonly bindAddress: string
  readonly codecs: readonly ('PCMU' | 'PCMA')[]
}

/** Methods that we answer. Source: RFC 3261 §20.5 */
export const ALLOWED_METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, NOTIFY'

export const SDP_CONTENT: SipHeader = ['Content-Type', 'application/sdp']

export type Exchange = {
  /** Called for each attempt: the second has a new sequence number and the answer to the challenge. */
  readonly build: (authorization: readonly SipHeader[]) => SipRequest
  readonly destination: HostAndPort
  readonly onProvisional?: (response: SipResponse) => void
  /** Told of each attempt's transaction, for cancelling and acknowledging. */
  readonly onTransaction?: (transaction: ClientTransaction) => void
}

/**
 * Sends a request, answers one challenge, and gives the final response, whatever it says.
 * @throws HoldfastError `PHONE_TIMEOUT`, `PHONE_CALL_FAILED`
 */
export async function exchange(line: PhoneLine, request: Exchange): Promise<SipResponse> {
  const first = startAttempt(line, request, [])
  const response = await first.response
  const authorization = answerToChallenge(line, response, first.request)
  return authorization === null ? response : startAttempt(line, request, [authorization]).response
}

function startAttempt(line: PhoneLine, request: Exchange, authorization: readonly SipHeader[]): ClientTransaction {
  const transaction = line.transactions.start({
    request: request.build(authorization),
    destination: request.destination,
    ...(request.onProvisional === undefined ? {} : { onProvisional: request.onProvisional }),
  })
  request.onTransaction?.(transaction)
  return transaction
}

const CHALLENGES: Readonly<Record<number, { readonly challenge: string; readonly answer: string }>> = {
  401: { challenge: 'www-authenticate', answer: 'Authorization' },
  407: { challenge: 'proxy-authenticate', answer: 'Proxy-Authorization' },
}

function answerToChallenge(line: PhoneLine, response: SipResponse, request: SipRequest): SipHeader | null {
  const names = CHALLENGES[response.status]
  if (names === undefined || line.credentials === null) return null
  for (const value of headerValues(response, names.challenge)) {
    const challenge = parseChallenge(value)
    if (challenge !== null) {
      return [names.answer, digestAuthorization({ challenge, credentials: line.credentials, method: request.method, uri: request.uri })]
    }
  }
  return null
}
