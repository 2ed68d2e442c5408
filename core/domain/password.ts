import { HoldfastError } from './errors.ts'
import { userNameKey } from './person.ts'

/** Without other rules: length is what counts. Source: NIST SP 800-63B-4 §3.1.1.2 (15 where nothing else is asked, 8 with a second factor; attempts are locked here) */
export const LEAST_PASSWORD_LENGTH = 12
/** A sentence fits; megabytes would be work for nothing. */
export const MOST_PASSWORD_LENGTH = 256

/** @throws HoldfastError `PEOPLE_INVALID` unless 12 to 256 characters that do not repeat the name or one sign */
export function checkNewPassword(password: string, userName: string): void {
  const { length } = password.normalize('NFKC')
  if (length < LEAST_PASSWORD_LENGTH || length > MOST_PASSWORD_LENGTH) throw refused(`a password has ${LEAST_PASSWORD_LENGTH} to ${MOST_PASSWORD_LENGTH} characters`)
  if (/[\0\r\n]/.test(password) || !password.isWellFormed()) throw refused('a password is one line of text')
  const key = userNameKey(password)
  if (new Set(key).size < 4) throw refused('a password repeats more than three signs')
  if (key.replaceAll(userNameKey(userName), '').length < LEAST_PASSWORD_LENGTH / 2) throw refused('a password is more than the name of its user')
}

function refused(message: string): HoldfastError {
  return new HoldfastError('PEOPLE_INVALID', message, { field: 'password' })
}
