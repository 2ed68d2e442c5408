/** `1 recording`, `2 recordings`. @param word - one that takes an s */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
