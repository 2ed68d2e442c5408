import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyRing, newIdentity } from '../../core/crypto/key-ring.ts'
import { freePorts } from './free-ports.ts'
import { labSettingsText } from './lab-settings.ts'

/** What is beside the PBX in a laboratory: the settings of a Holdfast, its key, its place. */
export interface LabHome {
  readonly settingsFile: string
  readonly httpPort: number
  readonly identityFile: string
  readonly dataDirectory: string
}

export interface LabHomeOptions {
  readonly directory: string
  /** As in the settings file, but for id and site. */
  readonly pbx: Readonly<Record<string, unknown>>
  readonly attachedKeys: readonly string[]
  /** More settings, as in the file. */
  readonly more: Readonly<Record<string, unknown>>
}

/** Writes the settings of a Holdfast beside a PBX that runs. */
export async function furnish({ directory, pbx, attachedKeys, more }: LabHomeOptions): Promise<LabHome> {
  const { identityFile, recipient } = await keyOf(directory)
  const [httpPort = 0] = (await freePorts({ tcp: 1, udp: 0 })).tcp
  const dataDirectory = join(directory, 'data')
  const settingsFile = join(directory, 'holdfast.yaml')
  await writeFile(settingsFile, labSettingsText({ dataDirectory, pbx, attachedKeys, recipients: [recipient], identityFiles: [identityFile], httpPort, more }), { mode: 0o600 })
  return { settingsFile, httpPort, identityFile, dataDirectory }
}

/** The laboratory's own key: made once, kept beside the recordings that it opens. */
async function keyOf(directory: string): Promise<{ readonly identityFile: string; readonly recipient: string }> {
  const identityFile = join(directory, 'identity.age')
  const isThere = await access(identityFile).then(() => true, () => false)
  if (!isThere) {
    const made = await newIdentity(new Date())
    await writeFile(identityFile, made.fileText, { mode: 0o600, flag: 'wx' })
    return { identityFile, recipient: made.recipient }
  }
  const keys = await KeyRing.load({ recipients: [], identities: [{ place: identityFile, text: await readFile(identityFile, 'utf8') }] })
  const [recipient = ''] = await keys.openableRecipients()
  return { identityFile, recipient }
}
