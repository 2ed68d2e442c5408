import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/**
 * Issues with places as deep as they are: where a value fits no variant of a choice, those of the variant that it was meant as,
 * told by its kind (text, list, map). Where none is of its kind, the issue of the choice itself stays: it says what is allowed.
 */
export function deepIssues(issues: readonly Issue[]): readonly Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue]
    const meant = issue.errors.filter((ofVariant) => ofVariant.length > 0 && !ofVariant.some(isOfOtherKind))
    const [only] = meant
    if (only === undefined || meant.length > 1) return [issue]
    return deepIssues(only.map((inner) => below(inner, issue.path)))
  })
}

/** The variant itself is of another type than the value: nothing below it was even looked at. */
function isOfOtherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

/** Issues of a variant have paths from the value on; these have them from the top. */
function below(issue: Issue, path: Issue['path']): Issue {
  return { ...issue, path: [...path, ...issue.path] }
}
