import { printable } from '../terminal.ts'

/** One JSON log line as a line for people: time, level, event, fields. Control characters stay escaped. */
export function prettyLine(line: string): string {
  const { time, level, event, node: _, ...fields } = JSON.parse(line) as Record<string, unknown>
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${fieldText(value)}`)
  const clock = typeof time === 'string' ? time.slice(11, 23) : ''
  return printable(`${[clock, text(level).padEnd(5), text(event), ...shown].join(' ')}\n${stackOf(fields, level)}`)
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value)
  if (typeof value === 'object' && value !== null && 'message' in value && 'stack' in value) return JSON.stringify(value.message)
  return JSON.stringify(value) ?? ''
}

/** Stacks keep their lines: they are our own text. A warning about what we foresaw needs none: its words say it. */
function stackOf(fields: Record<string, unknown>, level: unknown): string {
  const error = fields['error'] ?? fields['err']
  if (level === 'warn' && typeof error === 'object' && error !== null && 'name' in error && error.name === 'HoldfastError') return ''
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? error.stack : null
  return typeof stack === 'string' && stack !== '' ? `${stack.split('\n').slice(1).join('\n')}\n` : ''
}

function text(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : ''
}
