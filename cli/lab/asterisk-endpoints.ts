import type { ConfEntry, ConfSection } from './asterisk-conf.ts'

/** A telephone that the private Asterisk knows. */
export type PhoneEndpoint = {
  readonly name: string
  /** Where its calls enter the dialplan. */
  readonly context: string
  /** `host:port` where it listens, or null when it registers. */
  readonly address: string | null
  /** Asked for by digest authentication; null trusts the loopback interface. */
  readonly password: string | null
  /** More lines of the endpoint, such as `set_var` or `callerid`. */
  readonly entries: readonly ConfEntry[]
}

/** A telephone that says itself where it is and needs no password. */
export function registeringPhone(name: string, context: string): PhoneEndpoint {
  return { name, context, address: null, password: null, entries: [] }
}

/** The sections of pjsip.conf for one telephone. Source: Asterisk 22 `config show help res_pjsip` */
export function endpointSections(phone: PhoneEndpoint): ConfSection[] {
  const endpoint: ConfEntry[] = [
    ['type', 'endpoint'],
    ['transport', 'udp'],
    ['context', phone.context],
    ['aors', phone.name],
    ['disallow', 'all'],
    ['allow', 'ulaw,alaw'],
    // The audio has to pass through Asterisk, or there is nothing to record.
    ['direct_media', 'no'],
    ['rtp_symmetric', 'yes'],
    ['dtmf_mode', 'rfc4733'],
    ...(phone.password === null ? [] : ([['auth', phone.name]] as const)),
    ...phone.entries,
  ]
  const aor: ConfEntry[] = [
    ['type', 'aor'],
    ...(phone.address === null ? ([['max_contacts', 1], ['remove_existing', 'yes']] as const) : ([['contact', `sip:${phone.name}@${phone.address}`]] as const)),
  ]
  const auth: ConfEntry[] = [['type', 'auth'], ['auth_type', 'userpass'], ['username', phone.name], ['password', phone.password ?? '']]
  return [
    { name: phone.name, entries: endpoint },
    { name: phone.name, entries: aor },
    ...(phone.password === null ? [] : [{ name: phone.name, entries: auth }]),
  ]
}
