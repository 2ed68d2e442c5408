/** Most bits that are written or read at once, so that they fit beside up to seven that wait. */
const MOST_BITS = 24

/** Writes numbers of any width, the highest bit first, into a buffer that is large enough. */
export class BitWriter {
  readonly #bytes: Uint8Array
  #length = 0
  #waiting = 0
  #waitingBits = 0

  constructor(mostBytes: number) {
    this.#bytes = new Uint8Array(mostBytes)
  }

  /** @param value - its lowest `bits` bits count; at most 24 of them */
  put(value: number, bits: number): void {
    this.#waiting = ((this.#waiting << bits) | (value & ((1 << bits) - 1))) >>> 0
    this.#waitingBits += bits
    while (this.#waitingBits >= 8) {
      this.#waitingBits -= 8
      this.#bytes[this.#length] = this.#waiting >>> this.#waitingBits
      this.#length += 1
    }
    this.#waiting &= (1 << this.#waitingBits) - 1
  }

  /** So many zeros, and a one. */
  putUnary(zeros: number): void {
    let left = zeros
    for (; left >= MOST_BITS; left -= MOST_BITS) this.put(0, MOST_BITS)
    this.put(1, left + 1)
  }

  /** A number in the code of Rice: its upper bits as so many zeros and a one, and its lower ones. @param parameter - how many are lower, at most 14 */
  putRice(value: number, parameter: number): void {
    const zeros = value >>> parameter
    if (zeros + 1 + parameter <= MOST_BITS) {
      this.put((1 << parameter) | (value & ((1 << parameter) - 1)), zeros + 1 + parameter)
      return
    }
    this.putUnary(zeros)
    this.put(value, parameter)
  }

  /** Zeros up to the next whole byte. */
  align(): void {
    if (this.#waitingBits > 0) this.put(0, 8 - this.#waitingBits)
  }

  /** What was written, in whole bytes: a view, good until more is written. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}

/** Reads what {@link BitWriter} writes. Beyond the end there are zeros, and `isBeyond` says so. */
export class BitReader {
  readonly #bytes: Uint8Array
  #at: number
  #bit = 0

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  get isBeyond(): boolean {
    return this.#at > this.#bytes.length || (this.#at === this.#bytes.length && this.#bit > 0)
  }

  /** The place of the next whole byte. */
  get byte(): number {
    return this.#at + (this.#bit > 0 ? 1 : 0)
  }

  /** @param bits - at most 24 */
  take(bits: number): number {
    let value = 0
    for (let left = bits; left > 0;) {
      const here = Math.min(left, 8 - this.#bit)
      const byte = this.#bytes[this.#at] ?? 0
      value = (value << here) | ((byte >> (8 - this.#bit - here)) & ((1 << here) - 1))
      this.#skip(here)
      left -= here
    }
    return value
  }

  takeSigned(bits: number): number {
    return bits === 0 ? 0 : (this.take(bits) << (32 - bits)) >> (32 - bits)
  }

  /** How many zeros stand before the next one. */
  takeUnary(): number {
    let zeros = 0
    while (!this.isBeyond) {
      const rest = ((this.#bytes[this.#at] ?? 0) << this.#bit) & 0xff
      const here = rest === 0 ? 8 - this.#bit : Math.clz32(rest) - 24
      zeros += here
      if (rest !== 0) {
        this.#skip(here + 1)
        return zeros
      }
      this.#skip(here)
      if (this.#at >= this.#bytes.length) this.#at = this.#bytes.length + 1
    }
    return zeros
  }

  align(): void {
    if (this.#bit > 0) this.#skip(8 - this.#bit)
  }

  #skip(bits: number): void {
    this.#bit += bits
    if (this.#bit >= 8) {
      this.#bit -= 8
      this.#at += 1
    }
  }
}
