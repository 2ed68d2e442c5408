import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { CaptureFact } from '../../../../../core/domain/capture-fact.ts'
import { parseRecordingId } from '../../../../../core/domain/ids.ts'
import { AppendTogether } from '../../../../../core/store/sql/append-together.ts'
import { rejection } from '../../../../support/rejection.ts'

/** A disk that takes one transaction at a time, when it is told to. */
class Disk {
  readonly written: (readonly CaptureFact[])[] = []
  /** What it refuses. */
  readonly refused = new Set<CaptureFact>()
  #gates: (() => void)[] = []
  #last: Promise<unknown> = Promise.resolve()

  readonly write = (take: () => readonly CaptureFact[]): Promise<void> => {
    const turn = this.#last.then(async () => {
      await new Promise<void>((resolve) => this.#gates.push(resolve))
      const facts = take()
      // As a transaction that is tried again.
      expect(take()).to.deep.equal(facts)
      if (facts.some((fact) => this.refused.has(fact))) throw new Error('refused')
      this.written.push(facts)
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async turns(): Promise<void> {
    for (let idle = 0; idle < 20; idle += 1) {
      if (this.#gates.length > 0) idle = 0
      this.#gates.shift()?.()
      await Promise.resolve()
    }
  }
}

function fact(id: number): CaptureFact {
  return { type: 'recording-armed', recordingId: parseRecordingId(String(4_000_000_000_000_000 + id)), at: new Date(0) } as unknown as CaptureFact
}

describe('appends together', () => {
  it('writes what comes before its turn in one transaction, in order', async () => {
    const disk = new Disk()
    const appends = new AppendTogether(disk.write)
    const facts = [1, 2, 3].map(fact)
    const all = facts.map((one) => appends.append([one]))
    await disk.turns()
    await Promise.all(all)
    expect(disk.written).to.deep.equal([facts])
  })

  it('resolves nothing before it is written', async () => {
    const disk = new Disk()
    let isWritten = false
    const appended = new AppendTogether(disk.write).append([fact(1)]).then(() => {
      isWritten = true
    })
    await Promise.resolve()
    expect(isWritten).to.equal(false)
    await disk.turns()
    await appended
    expect(disk.written).to.have.length(1)
  })

  it('begins another transaction for what comes later, and for what is too much', async () => {
    const disk = new Disk()
    const appends = new AppendTogether(disk.write)
    const first = Array.from({ length: 257 }, (_, index) => appends.append([fact(index)]))
    await disk.turns()
    const later = appends.append([fact(99)])
    await disk.turns()
    await Promise.all([...first, later])
    expect(disk.written.map(({ length }) => length)).to.deep.equal([256, 1, 1])
  })

  it('refuses what cannot be written, and writes the rest', async () => {
    const disk = new Disk()
    const appends = new AppendTogether(disk.write)
    const [one, bad, other] = [fact(1), fact(2), fact(3)]
    disk.refused.add(bad)
    const written = [appends.append([one]), appends.append([other])]
    const refused = appends.append([bad])
    const told = rejection(refused)
    await disk.turns()
    await Promise.all(written)
    expect(String(await told)).to.contain('refused')
    expect(disk.written).to.deep.equal([[one], [other]])
  })
})
