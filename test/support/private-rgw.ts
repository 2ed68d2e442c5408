import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { arch, env } from 'node:process'
import type { Context } from 'mocha'
import { freePorts } from '../../cli/lab/free-ports.ts'
import { runCommand } from '../../cli/lab/run-command.ts'
import { selfSignedCertificate } from '../../cli/lab/self-signed-certificate.ts'
import { unpackedArchives, type Wanted } from './debian-archives.ts'
import { until } from './hooks.ts'
import { orSkip } from './or-skip.ts'

const CEPH: Wanted = { cache: 'ceph', packages: ['radosgw', 'ceph-mon', 'ceph-osd'], note: 'fetching Ceph for the tests (about 66 MB, once)' }
const TRIPLETS: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
/** Each answers within a second or two; the rest is for a machine that runs a whole test suite beside it. */
const COMMAND_DEADLINE_MS = 60_000
const READY_WITHIN_MS = 60_000
const ANSWER_WITHIN_MS = 5000
const STOP_WITHIN_MS = 10_000
/** Its gateway listens seconds after its port was found free, and another program may have got that port by then. */
const START_ATTEMPTS = 3
const PORT_TAKEN = 'Address already in use'

/** A user of the service. */
export interface S3User {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/**
 * A real S3 service of our own: Ceph's gateway over one monitor and one store in memory, unpacked from Debian's packages into a
 * temporary folder. Over http and https, on the loopback interface. Source: ceph.conf(5), radosgw(8)
 */
export class PrivateRgw {
  readonly #directory: string
  readonly #children: ChildProcess[] = []
  readonly user: S3User = { accessKeyId: `AK${randomBytes(9).toString('hex').toUpperCase()}`, secretAccessKey: randomBytes(20).toString('hex') }
  /** Buckets are made in the gateway's own region alone. */
  readonly region = 'default'
  endpoint = ''
  tlsEndpoint = ''
  certificatePem = ''

  private constructor(directory: string) {
    this.#directory = directory
  }

  static async start(report: (line: string) => void, attempts = START_ATTEMPTS): Promise<PrivateRgw> {
    const gateway = new PrivateRgw(await mkdtemp(join(tmpdir(), 'holdfast-rgw-')))
    try {
      await unpackedArchives(CEPH, gateway.#root, report)
      await gateway.#boot()
      return gateway
    } catch (error) {
      await gateway.stop()
      if (attempts === 1 || !(error instanceof Error) || !error.message.includes(PORT_TAKEN)) throw error
      report('a port was taken meanwhile: Ceph is started once more')
      return await PrivateRgw.start(report, attempts - 1)
    }
  }

  async stop(): Promise<void> {
    for (const child of this.#children.splice(0).toReversed()) await end(child)
    await rm(this.#directory, { recursive: true, force: true })
  }

  get #root(): string {
    return join(this.#directory, 'root')
  }

  async #boot(): Promise<void> {
    const { tcp: [monitor = 0, plain = 0, tls = 0] } = await freePorts({ tcp: 3, udp: 0 })
    const fsid = randomUUID()
    for (const name of ['mon', 'osd', 'run']) await mkdir(this.#path(name))
    await writeFile(this.#path('ceph.conf'), this.#configuration(fsid, monitor))
    await this.#do('monmaptool', ['--create', '--addv', 'a', `[v2:127.0.0.1:${monitor}]`, '--fsid', fsid, this.#path('monmap')])
    await this.#do('ceph-mon', ['--mkfs', '-i', 'a', '--monmap', this.#path('monmap')])
    this.#spawn('ceph-mon', ['-f', '-i', 'a'])
    await this.#bootStore()
    await this.#do('radosgw-admin', ['user', 'create', '--uid=holdfast', '--display-name=holdfast', `--access-key=${this.user.accessKeyId}`, `--secret-key=${this.user.secretAccessKey}`])
    const { certificatePem, keyPem } = selfSignedCertificate(new Date())
    await writeFile(this.#path('tls.crt'), certificatePem)
    await writeFile(this.#path('tls.key'), keyPem)
    const frontend = `beast endpoint=127.0.0.1:${plain} ssl_endpoint=127.0.0.1:${tls} ssl_certificate=${this.#path('tls.crt')} ssl_private_key=${this.#path('tls.key')}`
    // The gateway asks the monitor for an encrypted link unless told otherwise, and without keys there is none.
    this.#spawn('radosgw', ['-f', '-n', 'client.rgw', '--ms-mon-client-mode', 'crc', '--rgw-data', this.#directory, '--rgw-frontends', frontend])
    Object.assign(this, { endpoint: `http://127.0.0.1:${plain}`, tlsEndpoint: `https://127.0.0.1:${tls}`, certificatePem })
    await this.#ready().catch(async (cause: unknown) => {
      throw new Error(`Ceph's gateway did not start: ${(await readFile(this.#path('console'), 'utf8')).slice(-2000)}`, { cause })
    })
  }

  async #ready(): Promise<void> {
    const found = await until(async () => {
      if (this.#children.some(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null)) return 'ended'
      const answer = await fetch(this.endpoint, { headers: { connection: 'close' }, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`the gateway answers with ${answer.status}`)
      return 'answers'
    }, { withinMs: READY_WITHIN_MS, everyMs: 200 })
    if (found === 'ended') throw new Error('a part of Ceph ended')
  }

  async #bootStore(): Promise<void> {
    const id = randomUUID()
    await this.#do('python3', [join(this.#root, 'usr/bin/ceph'), 'osd', 'new', id])
    await this.#do('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', id])
    this.#spawn('ceph-osd', ['-f', '-i', '0'])
  }

  #path(name: string): string {
    return join(this.#directory, name)
  }

  /** Nobody but this machine's own programs can speak to it, so nothing is asked for between its parts; S3 users have keys. */
  #configuration(fsid: string, monitor: number): string {
    const library = join(this.#root, 'usr/lib', TRIPLETS[arch] ?? '')
    const settings: Readonly<Record<string, string>> = {
      fsid, 'mon initial members': 'a', 'mon host': `v2:127.0.0.1:${monitor}`, 'public addr': '127.0.0.1',
      'auth cluster required': 'none', 'auth service required': 'none', 'auth client required': 'none',
      'run dir': this.#path('run'), 'admin socket': `${this.#path('run')}/$name.$pid.asok`, 'log file': `${this.#path('run')}/$name.log`, 'crash dir': this.#path('run'),
      'mon data': this.#path('mon'), 'osd data': this.#path('osd'), 'osd objectstore': 'memstore', 'memstore device bytes': String(1024 ** 3),
      'osd class dir': join(library, 'rados-classes'), 'plugin dir': join(library, 'ceph'), 'erasure code dir': join(library, 'ceph/erasure-code'),
      'osd pool default size': '1', 'osd pool default min size': '1', 'osd pool default pg num': '1', 'osd pool default pgp num': '1',
      'osd pool default pg autoscale mode': 'off', 'mon allow pool size one': 'true', 'osd crush chooseleaf type': '0',
      // A full disk of this machine is none of the test's business.
      'mon data avail crit': '0', 'mon data avail warn': '0',
    }
    return `[global]\n${Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`).join('')}`
  }

  get #environment(): NodeJS.ProcessEnv {
    const libraries = [join(this.#root, 'usr/lib', TRIPLETS[arch] ?? ''), join(this.#root, 'lib', TRIPLETS[arch] ?? ''), join(this.#root, 'usr/lib', TRIPLETS[arch] ?? '', 'ceph')]
    return {
      ...env, LD_LIBRARY_PATH: libraries.join(':'), PYTHONPATH: join(this.#root, 'usr/lib/python3/dist-packages'), PYTHONDONTWRITEBYTECODE: '1',
      PATH: `${join(this.#root, 'usr/bin')}:${env['PATH'] ?? ''}`, CEPH_CONF: this.#path('ceph.conf'),
    }
  }

  async #do(program: string, args: readonly string[]): Promise<void> {
    const variables = ['LD_LIBRARY_PATH', 'PYTHONPATH', 'PYTHONDONTWRITEBYTECODE', 'PATH', 'CEPH_CONF'].map((name) => `${name}=${this.#environment[name] ?? ''}`)
    const { succeeded, stderr } = await runCommand(['env', ...variables, program, ...args], { timeoutMs: COMMAND_DEADLINE_MS })
    if (!succeeded) throw new Error(`${program} ${args.slice(0, 3).join(' ')} failed: ${stderr.trim().slice(-1000)}`)
  }

  #spawn(program: string, args: readonly string[]): void {
    const console = openSync(this.#path('console'), 'a')
    this.#children.push(spawn(join(this.#root, 'usr/bin', program), args, { stdio: ['ignore', console, console], env: this.#environment }))
    closeSync(console)
  }
}

/** An S3 service for a suite. Where none can be had, the suite is skipped with a loud word, and fails where `CI` is set. */
export async function requireRgw(context: Context): Promise<PrivateRgw> {
  return await orSkip(context, 'Ceph', () => PrivateRgw.start((line) => console.error(`    ${line}`)))
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await exited
  clearTimeout(timer)
}
