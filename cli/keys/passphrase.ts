import { readFile } from 'node:fs/promises'
import type { IdentityFileSetting } from '../../config/keys-settings.ts'
import { environmentText } from '../../config/environment.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { unreadable } from '../file-trouble.ts'

/** Asks at the terminal, showing nothing of the answer; `null`: there is no terminal to ask at. */
export type AskPassphrase = (question: string) => Promise<string | null>

/** For what must not wait for anybody: a protected file is then told to be one. */
export const askNobody: AskPassphrase = () => Promise.resolve(null)

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const ERASE = new Set(['\u007f', '\b'])

/** At this process's own terminal. */
export const askAtTerminal: AskPassphrase = async (question) => {
  const { stdin, stderr } = process
  if (!stdin.isTTY) return null
  // Before the question: what is typed at once must not be shown either.
  stdin.setRawMode(true)
  stderr.write(`${question}: `)
  stdin.setEncoding('utf8')
  stdin.resume()
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = ''
      const heard = (keys: string): void => {
        for (const key of keys) {
          if (key === CTRL_C || key === CTRL_D) return end(() => reject(new HoldfastError('KEY_FILE_INVALID', 'no passphrase was given')))
          if (key === '\r' || key === '\n') return end(() => resolve(typed))
          typed = ERASE.has(key) ? typed.replace(/.$/su, '') : typed + key
        }
      }
      const end = (settle: () => void): void => {
        stdin.off('data', heard)
        settle()
      }
      stdin.on('data', heard)
    })
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}

/**
 * The passphrase of a protected file, from where the settings say, else from the terminal.
 * @throws HoldfastError `KEY_FILE_INVALID` when it is nowhere
 */
export async function passphraseOf({ file, passphrase }: IdentityFileSetting, ask: AskPassphrase): Promise<string> {
  if (passphrase?.type === 'file') return await passphraseIn(passphrase.file)
  if (passphrase?.type === 'environment') {
    const text = environmentText(passphrase.variable)
    if (text === null || text === '') throw new HoldfastError('KEY_FILE_INVALID', `${file} is protected with a passphrase, and the environment variable ${passphrase.variable} does not hold it`, { place: file })
    return text
  }
  const answer = await ask(`Passphrase of ${file}`)
  if (answer === null) throw new HoldfastError('KEY_FILE_INVALID', `${file} is protected with a passphrase, and there is no terminal to ask for it: name \`passphraseFile\` or \`passphraseVariable\` in the settings, or --passphrase-file where a command has it (docs/keys.md)`, { place: file })
  return answer
}

/** What a file holds besides the end of its line. @throws HoldfastError `KEY_FILE_INVALID` */
export async function passphraseIn(file: string): Promise<string> {
  try {
    const text = (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
    if (text === '') throw new HoldfastError('KEY_FILE_INVALID', `${file} holds no passphrase`, { place: file })
    return text
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause
    throw unreadable(file, cause, 'KEY_FILE_INVALID')
  }
}
