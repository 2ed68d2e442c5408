/** Shortest and longest number of a payment card. Source: ISO/IEC 7812-1, and the schemes' own lengths below. */
const MIN_DIGITS = 13
const MAX_DIGITS = 19

/** First digits and lengths of the schemes whose cards are spoken or keyed in on the telephone. Source: the schemes' public ranges. */
const SCHEMES: readonly { readonly begins: RegExp; readonly lengths: readonly number[] }[] = [
  { begins: /^4/, lengths: [13, 16, 19] },
  { begins: /^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/, lengths: [16] },
  { begins: /^3[47]/, lengths: [15] },
  { begins: /^3(?:0[0-5]|[689])/, lengths: [14, 16, 19] },
  { begins: /^35(?:2[89]|[3-8])/, lengths: [16, 19] },
  { begins: /^6(?:011|4[4-9]|5)/, lengths: [16, 19] },
  { begins: /^(?:50|5[6-9]|6[0-9])/, lengths: [13, 14, 15, 16, 17, 18, 19] },
]

/** Groups of digits, single spaces or hyphens between them. Each character fits one place only: no backtracking. */
const GROUPS = /[0-9]+(?:[ -][0-9]+)*/g

/**
 * A text with each card number replaced by asterisks and its last four digits, as PCI DSS lets be shown. A number is one group of
 * digits or several (`4111 1111 1111 1111`), also when others follow (`… 12 27`); within a longer group nothing is looked for,
 * so that call ids and the like stay as they are.
 */
export function maskCardNumbers(text: string): string {
  return text.replace(GROUPS, maskRun)
}

function maskRun(run: string): string {
  // Groups at even places, what separates them at odd ones.
  const pieces = run.split(/([ -])/)
  const masked: string[] = []
  for (let index = 0; index < pieces.length;) {
    const beyond = endOfCardNumber(pieces, index)
    masked.push(beyond === null ? pieces[index] ?? '' : `****${digitsOf(pieces, index, beyond).slice(-4)}`)
    const next = beyond ?? index + 1
    masked.push(pieces[next] ?? '')
    index = next + 1
  }
  return masked.join('')
}

/** Where the card number that begins with this group ends, or `null` when none does. Looks at no more groups than a number has digits. */
function endOfCardNumber(pieces: readonly string[], from: number): number | null {
  for (let beyond = from + 1; beyond <= pieces.length; beyond += 2) {
    const digits = digitsOf(pieces, from, beyond)
    if (digits.length > MAX_DIGITS) return null
    if (isCardNumber(digits)) return beyond
  }
  return null
}

function digitsOf(pieces: readonly string[], from: number, beyond: number): string {
  return pieces.slice(from, beyond).filter((_, index) => index % 2 === 0).join('')
}

/** Whether digits have the form of a card number: a scheme's beginning and length, and the check digit. */
export function isCardNumber(digits: string): boolean {
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return false
  return SCHEMES.some(({ begins, lengths }) => lengths.includes(digits.length) && begins.test(digits)) && luhn(digits)
}

/** Source: ISO/IEC 7812-1 annex B, the check digit by modulus 10 with double-add-double. */
function luhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = index % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
