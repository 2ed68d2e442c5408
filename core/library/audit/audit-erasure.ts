import type { Requester } from '../../domain/actor.ts'
import type { AuditLog, AuditSubject } from '../../ports/audit-log.ts'
import type { Clock } from '../../ports/runtime.ts'

/** Takes what the audit tells of a person out of it. The entries stay, and their chain verifies; who was it about, they do not say any more. */
export class AuditErasure {
  readonly #log: Pick<AuditLog, 'erase'>
  readonly #clock: Clock

  constructor({ log, clock }: { readonly log: Pick<AuditLog, 'erase'>; readonly clock: Clock }) {
    this.#log = log
    this.#clock = clock
  }

  /**
   * Erases the personal part of every entry about these numbers and customer ids, as they stand in the entries: numbers, names, attached
   * data, and the address from which somebody acted. Whether the requester may, whoever calls has asked. Each step is durable and tells
   * which entries it was; a run that was cut off is gone on with by calling again.
   * @returns of how many entries
   * @throws HoldfastError `STORE_FAILED` (retry)
   */
  async erase(requester: Requester, subject: AuditSubject): Promise<number> {
    let count = 0
    for (;;) {
      const erased = await this.#log.erase(subject, {
        at: this.#clock.now(), actor: requester.actor, action: 'subject.erased', object: { type: 'audit', id: 'all' }, outcome: 'ok', reason: null,
        details: { numbers: subject.numbers.length, customerIds: subject.customerIds.length }, personal: { address: requester.address },
      })
      if (erased === 0) return count
      count += erased
    }
  }
}
