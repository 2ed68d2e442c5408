import type { PolicyProblem, PolicyReload, PolicyStanding } from '../core/ports/policy-control.ts'
import { asPayload, type UserErrorModel } from './user-errors.ts'

interface ReloadPayload {
  readonly policy: PolicyStanding | null
  readonly changed: boolean | null
  readonly advice: readonly string[] | null
  readonly problems: readonly PolicyProblem[] | null
  readonly userErrors: readonly UserErrorModel[]
}

const NOTHING = { policy: null, changed: null, advice: null, problems: null }

/** The payload of a reading of the policy file. Each fault of the file is an error as well, with its place in the words. */
export function reloadPayload(act: () => Promise<PolicyReload>, standing: () => PolicyStanding): Promise<ReloadPayload> {
  return asPayload(async () => {
    const reload = await act()
    return reload.outcome === 'refused'
      ? { ...NOTHING, problems: reload.problems, userErrors: reload.problems.map(errorOf) }
      : { ...NOTHING, policy: standing(), changed: reload.outcome === 'in-force', advice: reload.advice }
  }, NOTHING)
}

function errorOf({ path, message, position }: PolicyProblem): UserErrorModel {
  const place = position === null ? [] : [`line ${position.line}, column ${position.column}`]
  return { code: 'POLICY_INVALID', message: [...place, ...(path === '' ? [] : [path]), message].join(': '), field: null, retry: false }
}
