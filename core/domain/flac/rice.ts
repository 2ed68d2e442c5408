import type { BitReader, BitWriter } from './bits.ts'

/** Parameters of 4 bits; 15 would mean residuals as they are. Source: RFC 9639 §9.2.7.1 */
const MOST_PARAMETER = 14
const PARAMETER_BITS = 4
const MOST_PARTITION_ORDER = 6

/** A residual in partitions, each with the parameter that suits it. */
export interface RiceCoding {
  /** Samples that stand before the residual, and count with the first partition. */
  readonly order: number
  readonly partitionOrder: number
  readonly parameters: readonly number[]
  /** At most so many bits. */
  readonly bits: number
}

/** The coding that takes least. */
export function riceCoding(folded: Uint32Array, order: number): RiceCoding {
  const samples = folded.length + order
  let partitionOrder = finestOrder(samples, order)
  let sums = sumsOf(folded, { order, partitionOrder, size: samples >> partitionOrder })
  let best = codingOf(sums, { order, partitionOrder, samples })
  while (partitionOrder > 0) {
    partitionOrder -= 1
    sums = Float64Array.from({ length: sums.length / 2 }, (_, index) => (sums[2 * index] ?? 0) + (sums[2 * index + 1] ?? 0))
    const coding = codingOf(sums, { order, partitionOrder, samples })
    if (coding.bits < best.bits) best = coding
  }
  return best
}

/** Signed numbers as unsigned ones, small in size where they were. Source: RFC 9639 §9.2.7.3 */
export function foldedOf(residual: Int32Array): Uint32Array {
  const folded = new Uint32Array(residual.length)
  for (let index = 0; index < residual.length; index += 1) {
    const value = residual[index] ?? 0
    folded[index] = (value << 1) ^ (value >> 31)
  }
  return folded
}

export function putResidual(bits: BitWriter, folded: Uint32Array, { order, partitionOrder, parameters }: RiceCoding): void {
  bits.put(0, 2)
  bits.put(partitionOrder, 4)
  const size = (folded.length + order) >> partitionOrder
  for (const [partition, parameter] of parameters.entries()) {
    bits.put(parameter, PARAMETER_BITS)
    const to = (partition + 1) * size - order
    for (let index = Math.max(0, partition * size - order); index < to; index += 1) {
      const value = folded[index] ?? 0
      bits.putRice(value, parameter)
    }
  }
}

/** Fills in the residual behind the first `order` samples. @returns whether it was one of ours */
export function takeResidual(bits: BitReader, samples: Int32Array, order: number): boolean {
  if (bits.take(2) !== 0) return false
  const partitionOrder = bits.take(4)
  const size = samples.length >> partitionOrder
  if (size << partitionOrder !== samples.length || size < order) return false
  for (let partition = 0; partition < 1 << partitionOrder && !bits.isBeyond; partition += 1) {
    const parameter = bits.take(PARAMETER_BITS)
    if (parameter > MOST_PARAMETER) return false
    const to = (partition + 1) * size
    for (let index = Math.max(order, partition * size); index < to && !bits.isBeyond; index += 1) {
      const value = bits.takeUnary() * 2 ** parameter + bits.take(parameter)
      samples[index] = value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
  }
  return !bits.isBeyond
}

/** The most partitions into which samples can be divided, so that the first holds more than what stands before the residual. */
function finestOrder(samples: number, order: number): number {
  let finest = 0
  while (finest < MOST_PARTITION_ORDER && samples % 2 ** (finest + 1) === 0 && samples >> (finest + 1) > order) finest += 1
  return finest
}

function sumsOf(folded: Uint32Array, { order, partitionOrder, size }: { readonly order: number; readonly partitionOrder: number; readonly size: number }): Float64Array {
  const sums = new Float64Array(1 << partitionOrder)
  for (let partition = 0; partition < sums.length; partition += 1) {
    const to = (partition + 1) * size - order
    let sum = 0
    for (let index = Math.max(0, partition * size - order); index < to; index += 1) sum += folded[index] ?? 0
    sums[partition] = sum
  }
  return sums
}

function codingOf(sums: Float64Array, { order, partitionOrder, samples }: { readonly order: number; readonly partitionOrder: number; readonly samples: number }): RiceCoding {
  const size = samples >> partitionOrder
  const parameters: number[] = []
  let bits = 2 + 4
  for (const [partition, sum] of sums.entries()) {
    const count = partition === 0 ? size - order : size
    const parameter = parameterOf(sum, count)
    parameters.push(parameter)
    bits += PARAMETER_BITS + count * (parameter + 1) + Math.floor(sum / 2 ** parameter)
  }
  return { order, partitionOrder, parameters, bits }
}

/** The one with the fewest bits, of which there are `count × (p + 1) + sum / 2ᵖ` at most. */
function parameterOf(sum: number, count: number): number {
  let parameter = 0
  while (parameter < MOST_PARAMETER && sum / 2 ** (parameter + 1) > count) parameter += 1
  return parameter
}
