import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { HoldfastError } from '../../domain/errors.ts'

/** What a password costs whoever tries it: N = 2^logN, r blocks, p times. */
export interface HashCost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** 32 MiB and some 0.2 s each. Source: OWASP Password Storage Cheat Sheet, scrypt: N=2^15, r=8, p=3 */
export const DEFAULT_COST: HashCost = { logN: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const KEY_BYTES = 32
/** Others run in the same pool of threads: files of recordings are read there. One at a time leaves them the rest. Source: Node 24 UV_THREADPOOL_SIZE, 4 */
const MAX_WAITING = 16
/** Beyond what we write ourselves nothing is tried: a row that somebody altered must not take the machine. */
const MOST: HashCost = { logN: 20, r: 16, p: 16 }
/** Source: the PHC string format */
const FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

interface Hashed {
  readonly cost: HashCost
  readonly salt: Buffer
  readonly key: Buffer
}

/** What whoever has a place may do. */
export interface HashingPlace {
  /** `$scrypt$ln=…,r=…,p=…$salt$key` of a password, in one form of its letters. */
  hash(password: string): Promise<string>
  /** Whether it is the password. `hash` may be `null`: then nobody's is tried, which takes as long. */
  matches(password: string, hash: string | null): Promise<boolean>
}

/** Makes and tries hashes of passwords, one after the other. */
export class PasswordHashing {
  readonly #cost: HashCost
  readonly #nobody: Hashed
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(cost: HashCost = DEFAULT_COST) {
    this.#cost = cost
    this.#nobody = { cost, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) }
  }

  /**
   * Keeps a place for what follows: whoever is sent away has tried nothing yet, and whoever is not is not sent away in the middle.
   * @throws HoldfastError `RATE_LIMITED` when too many wait
   */
  async reserved<T>(act: (place: HashingPlace) => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new HoldfastError('RATE_LIMITED', 'too many sign in at this moment; try again in a minute')
    this.#waiting += 1
    try {
      return await act({ hash: (password) => this.#hash(password), matches: (password, hash) => this.#matches(password, hash) })
    } finally {
      this.#waiting -= 1
    }
  }

  /** As {@link HashingPlace}, in a place of its own. @throws HoldfastError `RATE_LIMITED` when too many wait */
  async hash(password: string): Promise<string> {
    return await this.reserved((place) => place.hash(password))
  }

  /** As {@link HashingPlace}, in a place of its own. @throws HoldfastError `RATE_LIMITED` when too many wait */
  async matches(password: string, hash: string | null): Promise<boolean> {
    return await this.reserved((place) => place.matches(password, hash))
  }

  /** Whether the hash was made with other parameters than are used now. */
  isOutdated(hash: string): boolean {
    const cost = parse(hash)?.cost
    return cost === undefined || cost.logN !== this.#cost.logN || cost.r !== this.#cost.r || cost.p !== this.#cost.p
  }

  async #hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES)
    const key = await this.#derive(password, { cost: this.#cost, salt })
    const { logN, r, p } = this.#cost
    return `$scrypt$ln=${logN},r=${r},p=${p}$${base64(salt)}$${base64(key)}`
  }

  async #matches(password: string, hash: string | null): Promise<boolean> {
    const hashed = hash === null ? null : parse(hash)
    const { key, ...rest } = hashed ?? this.#nobody
    const equal = timingSafeEqual(await this.#derive(password, rest), key)
    return equal && hashed !== null
  }

  #derive(password: string, { cost, salt }: Omit<Hashed, 'key'>): Promise<Buffer> {
    const mine = this.#last.then(() => derive(password, cost, salt))
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

function derive(password: string, { logN, r, p }: HashCost, salt: Buffer): Promise<Buffer> {
  const N = 2 ** logN
  const maxmem = 128 * N * r + 128 * r * p + 1024 * 1024
  return new Promise((resolve, reject) => {
    // One form of letters that look alike, whatever keyboard typed them. Source: RFC 8265 §4.2.2 (OpaqueString uses NFC; NFKC is NIST SP 800-63B §5.1.1.2)
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem }, (error, key) => error === null ? resolve(key) : reject(error))
  })
}

/** `null`: it is none of ours. */
function parse(hash: string): Hashed | null {
  const match = FORMAT.exec(hash)
  if (match === null) return null
  const [logN, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const salt = Buffer.from(match[4] ?? '', 'base64')
  const key = Buffer.from(match[5] ?? '', 'base64')
  const isTried = logN >= 1 && logN <= MOST.logN && r >= 1 && r <= MOST.r && p >= 1 && p <= MOST.p && key.length === KEY_BYTES
  return isTried ? { cost: { logN, r, p }, salt, key } : null
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
