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

/**
 * Groups of digits of any script, up to three signs between them: blanks, hyphens and dashes, . , / _, line breaks, and characters
 * that nobody sees. No character fits two places: no backtracking further than these three.
 */
const GROUPS = /\p{Nd}+(?:[\s\u00ad\u200b-\u200f\u2060\ufeff.,/_\p{Pd}\u2212]{1,3}\p{Nd}+)*/gu
const BETWEEN = /(\P{Nd}+)/u
/** Signs within a number as people write it; what cannot be seen stands anywhere. */
const PLAIN = /^(?:[ -]|[\u00ad\u200b-\u200f\u2060\ufeff]+)$/
/** How cards print their number. Behind any other sign only these are one: amounts, dates and addresses have dots and commas too. */
const PRINTED = /^(?:4(?: 4){2,3}(?: [1-4])?|4 6 [45])$/

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
  const pieces = run.split(BETWEEN)
  const digits = pieces.map((piece, index) => index % 2 === 0 ? inAscii(piece) : '')
  const masked: string[] = []
  for (let index = 0; index < pieces.length;) {
    const found = cardNumberAt(index, pieces, digits)
    masked.push(found === null ? pieces[index] ?? '' : `****${found.digits.slice(-4)}`)
    const next = found?.beyond ?? index + 1
    masked.push(pieces[next] ?? '')
    index = next + 1
  }
  return masked.join('')
}

/** The card number that begins with this group, or `null` when none does. Looks at no more groups than a number has digits. */
function cardNumberAt(from: number, pieces: readonly string[], digits: readonly string[]): { readonly digits: string; readonly beyond: number } | null {
  let all = ''
  for (let beyond = from + 1; beyond <= pieces.length; beyond += 2) {
    all += digits[beyond - 1] ?? ''
    if (all.length > MAX_DIGITS) return null
    if (isCardNumber(all) && isWrittenAsOne(pieces, digits, { from, beyond })) return { digits: all, beyond }
  }
  return null
}

function isWrittenAsOne(pieces: readonly string[], digits: readonly string[], { from, beyond }: { readonly from: number; readonly beyond: number }): boolean {
  const signs = pieces.slice(from + 1, beyond - 1).filter((_, index) => index % 2 === 0)
  const lengths = digits.slice(from, beyond).filter((_, index) => index % 2 === 0).map(({ length }) => length)
  return signs.every((sign) => PLAIN.test(sign)) || PRINTED.test(lengths.join(' '))
}

/** A group in the digits that we know; one that is too long for a number stays as it is. A digit of some scripts is two units of text. */
function inAscii(group: string): string {
  return group.length > 2 * MAX_DIGITS ? group : group.replace(/[^0-9]/gu, asciiDigit)
}

/** The digits of a script follow one another from its zero, and sets of ten lie beside sets of ten. Source: Unicode 17 §4.6 */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let before = 0
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1
  return String(before % 10)
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
