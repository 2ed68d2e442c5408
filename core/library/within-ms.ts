/** What the work gives, or `late` when it takes longer; the work goes on. */
export async function withinMs<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  const waiting = Promise.withResolvers<T>()
  const timer = setTimeout(() => waiting.resolve(late), ms)
  try {
    return await Promise.race([work, waiting.promise])
  } finally {
    clearTimeout(timer)
  }
}
