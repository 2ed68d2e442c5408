import { headerValue, type SipRequest } from './sip-message.ts'

/** How far a transfer has come: the status in the body of a NOTIFY, or null when it tells of something else. Source: RFC 3515 §2.4.5 */
export function statusOfNotification(notify: SipRequest): number | null {
  if (!/^refer(?:\s*;|$)/i.test(headerValue(notify, 'event') ?? '')) return null
  const status = /^SIP\/2\.0 ([1-6]\d\d)/.exec(notify.body.trim())?.[1]
  return status === undefined ? null : Number(status)
}
