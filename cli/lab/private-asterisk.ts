import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SAMPLE_RATE_HZ } from '../../adapters/phone/g711.ts'
import { formatWav } from '../../adapters/phone/wav-file.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { PhoneEndpoint } from './asterisk-endpoints.ts'
import { asteriskFiles, MUSIC_ON_HOLD_HZ, type AriUser, type AsteriskDirectories, type AsteriskPlan, type AsteriskPorts, type ManagerUser } from './asterisk-files.ts'
import type { AsteriskInstallation } from './asterisk-installation.ts'
import { AsteriskProcess } from './asterisk-process.ts'
import { freePorts } from './free-ports.ts'
import { PrivatePbx } from './private-pbx.ts'
import { selfSignedCertificate } from './self-signed-certificate.ts'

export type PrivateAsteriskOptions = {
  readonly installation: AsteriskInstallation
  /** Holds configuration, spool and logs; made when missing, kept after the end. */
  readonly directory: string
  /** The dialplan: whole contexts. */
  readonly extensions: string
  /** Absolute names of dialplan files to include. */
  readonly includeFiles?: readonly string[]
  readonly phones?: readonly PhoneEndpoint[]
  readonly managerUsers?: readonly ManagerUser[]
  readonly ariUsers?: readonly AriUser[]
  /** First part of every Uniqueid. */
  readonly systemName?: string
  /** Where it is to listen for telephones, so that another PBX may know it before this one starts; any free port when left out. */
  readonly sipPort?: number
  /** Modules loaded besides the usual ones, without `.so`. */
  readonly modules?: readonly string[]
  /** Text added to the end of the named configuration file, such as `queues.conf`. */
  readonly append?: Readonly<Record<string, string>>
  /** With `self-signed`, AMI and HTTP are offered over TLS too, with a certificate made for this start. */
  readonly tls?: 'none' | 'self-signed'
  readonly signal?: AbortSignal
}

/** The encrypted ports, and the file whose certificate a client has to trust. */
export type AsteriskTls = { readonly amiPort: number; readonly httpsPort: number; readonly certificateFile: string }

/** An Asterisk of our own on the loopback interface. */
export class PrivateAsterisk extends PrivatePbx {
  readonly spoolDirectory: string
  readonly systemName: string
  readonly amiPort: number
  readonly ariPort: number
  /** Null when it was started without TLS. */
  readonly tls: AsteriskTls | null
  readonly #process: AsteriskProcess

  private constructor(plan: AsteriskPlan, directory: string, process: AsteriskProcess) {
    super({ directory, sipPort: plan.ports.sip, process })
    this.spoolDirectory = plan.directories.spool
    this.systemName = plan.systemName
    this.amiPort = plan.ports.ami
    this.ariPort = plan.ports.http
    this.tls = plan.certificateFile === null ? null : { amiPort: plan.ports.amiTls, httpsPort: plan.ports.https, certificateFile: clientFile(plan.certificateFile) }
    this.#process = process
  }

  /**
   * Writes the configuration, starts Asterisk and waits until it has booted.
   * @throws HoldfastError `LAB_FAILED` with the last lines of the log
   */
  static async start(options: PrivateAsteriskOptions): Promise<PrivateAsterisk> {
    const plan = await planFor(options)
    const asteriskProcess = new AsteriskProcess(plan.installation.command, plan.directories)
    await asteriskProcess.endAbandoned()
    await writePlan(plan)
    const asterisk = new PrivateAsterisk(plan, path.resolve(options.directory), asteriskProcess)
    try {
      await asterisk.startAndWait(options.signal)
      return asterisk
    } catch (error) {
      await asteriskProcess.removeRunDirectory()
      throw error
    }
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]()
    await this.#process.removeRunDirectory()
  }
}

async function planFor(options: PrivateAsteriskOptions): Promise<AsteriskPlan> {
  return {
    installation: options.installation,
    directories: directoriesBelow(path.resolve(options.directory)),
    ports: await choosePorts(options.sipPort),
    systemName: options.systemName ?? 'holdfast-lab',
    extensions: options.extensions,
    includeFiles: options.includeFiles ?? [],
    phones: options.phones ?? [],
    managerUsers: options.managerUsers ?? [],
    ariUsers: options.ariUsers ?? [],
    modules: options.modules ?? [],
    certificateFile: options.tls === 'self-signed' ? path.join(path.resolve(options.directory), 'lib/keys/lab.pem') : null,
    append: options.append ?? {},
  }
}

async function choosePorts(sipPort?: number): Promise<AsteriskPorts> {
  const { tcp, udp } = await freePorts({ tcp: 4, udp: 1 })
  const [ami, http, amiTls, https] = tcp
  const sip = sipPort ?? udp[0]
  if (ami === undefined || http === undefined || amiTls === undefined || https === undefined || sip === undefined) {
    throw new HoldfastError('LAB_FAILED', 'the system gave out fewer ports than were asked for')
  }
  return { ami, http, sip, amiTls, https }
}

/** A UNIX socket's name may have 107 bytes, and Asterisk puts `/asterisk.ctl` into this directory. Source: unix(7) */
const MAX_RUN_DIRECTORY_BYTES = 107 - '/asterisk.ctl'.length

function directoriesBelow(directory: string): AsteriskDirectories {
  const run = path.join(directory, 'run')
  const short = path.join(tmpdir(), `holdfast-asterisk-${process.pid}-${Math.random().toString(36).slice(2, 8)}`)
  return {
    etc: path.join(directory, 'etc'),
    lib: path.join(directory, 'lib'),
    log: path.join(directory, 'log'),
    run: Buffer.byteLength(run) <= MAX_RUN_DIRECTORY_BYTES ? run : short,
    spool: path.join(directory, 'spool'),
    musicOnHold: path.join(directory, 'moh'),
  }
}

async function writePlan(plan: AsteriskPlan): Promise<void> {
  await Promise.all(Object.values(plan.directories).map((directory) => mkdir(directory, { recursive: true, mode: 0o700 })))
  await mkdir(path.join(plan.directories.lib, 'keys'), { recursive: true })
  // As the README has it made by hand: to us a spool that is not there is one that is not mounted.
  await mkdir(path.join(plan.directories.spool, 'recording'), { recursive: true, mode: 0o700 })
  await rm(plan.directories.etc, { recursive: true })
  await mkdir(plan.directories.etc, { mode: 0o700 })
  if (plan.certificateFile !== null) await writeCertificate(plan.certificateFile)
  await writeFile(path.join(plan.directories.musicOnHold, 'tone.wav'), musicOnHold())
  for (const [name, text] of asteriskFiles(plan)) {
    await writeFile(path.join(plan.directories.etc, name), text, { mode: 0o600 })
  }
}

/** Certificate and key in one file, as both of Asterisk's servers read it. */
async function writeCertificate(file: string): Promise<void> {
  const { certificatePem, keyPem } = selfSignedCertificate(new Date())
  await writeFile(file, `${certificatePem}${keyPem}`, { mode: 0o600 })
  await writeFile(clientFile(file), certificatePem)
}

/** The certificate without the key. */
function clientFile(serverFile: string): string {
  return serverFile.replace(/\.pem$/, '.crt')
}

/** Ten seconds of the tone; Asterisk plays the file again and again. */
function musicOnHold(): Uint8Array {
  const samples = tone(MUSIC_ON_HOLD_HZ).read(0, 10 * SAMPLE_RATE_HZ)
  return formatWav({ sampleRateHz: SAMPLE_RATE_HZ, channels: [samples] })
}
