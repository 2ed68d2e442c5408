/** FreeSWITCH's time as it writes it everywhere, in microseconds, or `null` where it wrote none: `0` is its "never". */
export function epochMicroseconds(text: string | null): Date | null {
  const digits = text?.trim() ?? ''
  return /^[1-9]\d{12,15}$/.test(digits) ? new Date(Math.floor(Number(digits) / 1000)) : null
}
