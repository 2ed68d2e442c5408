import { isIP } from 'node:net'
import { z } from 'zod'

/** What the settings' documents and error messages know about a schema besides its type. */
declare module 'zod' {
  interface GlobalMeta {
    /** What may stand there, in words: "a port, 1 to 65535". */
    allowed?: string
    /** Never shown, not even when it is wrong. */
    secret?: boolean
    /** A path: made absolute from the folder of the settings file. `existing`: a readable file at start; `secret`: one that holds a secret and nothing else. */
    path?: 'any' | 'existing' | 'secret'
    /** The default in words, where it follows from another setting. */
    defaultText?: string
  }
}

/** One value, whose every fault is answered with what is allowed there. */
function leaf<Schema extends z.ZodType>(allowed: string, make: (parameters: { error: string }) => Schema): Schema {
  return make({ error: allowed }).meta({ allowed })
}

const ONE_LINE = /^[^\0\r\n]+$/
/** Source: Asterisk 22 manager.c refuses lines over 1024 bytes; one header with its name has to fit. */
const MAX_TEXT = 512

export const text = leaf(`text of one line, 1 to ${MAX_TEXT} characters`, (p) => z.string(p).refine(isOneLine))
export const secretText = text.meta({ secret: true })
export const port = leaf('a port, 1 to 65535', (p) => z.int(p).min(1).max(65_535))
/** 0 lets the system choose: for tests and trials. */
export const listeningPort = leaf('a port, 1 to 65535, or 0 for any free one', (p) => z.int(p).min(0).max(65_535))
export const yesOrNo = leaf('true or false', (p) => z.boolean(p))
export const host = leaf('a host name or an IP address', (p) => z.string(p).max(253).refine(isHost))
/** As browsers send it. Source: RFC 6454 §6.2 */
export const origin = leaf('an origin such as https://desk.example.com: scheme, host and port, and nothing behind them', (p) => z.string(p).max(300).refine(isOrigin))
export const path = pathLeaf('a path', 'any')
export const existingFile = pathLeaf('the path of a readable file', 'existing')
export const secretFile = pathLeaf('the path of a readable file', 'secret')

/** A path on the PBX, part of AMI commands. Source: facts of Asterisk 22: a comma in MixMonitor's File begins its options. */
export const pbxPath = leaf('an absolute path on the PBX, of 0-9 A-Z a-z . _ - and /, without ..', (p) =>
  z.string(p).max(200).regex(/^\/[0-9A-Za-z._/-]+$/).refine((value) => !value.split('/').includes('..')))

function pathLeaf(allowed: string, kind: 'any' | 'existing' | 'secret'): z.ZodString {
  return leaf(allowed, (p) => z.string(p).min(1).max(4096).refine((value) => !value.includes('\0'))).meta({ path: kind })
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values): z.ZodEnum<{ [Value in Values[number]]: Value }> {
  return leaf(values.join(', '), (p) => z.enum(values, p))
}

/** @param of - what is counted: "a whole number of milliseconds" */
export function wholeNumber(of: string | null, least: number, most: number): z.ZodInt {
  return leaf(`a whole number${of === null ? '' : ` of ${of}`}, ${least} to ${most}`, (p) => z.int(p).min(least).max(most))
}

/** Text that one of our own parsers accepts. */
export function parsed<Value extends string>(allowed: string, parse: (text: string) => Value): z.ZodType<Value, string> {
  return leaf(allowed, (p) => z.string(p).transform((value, context): Value => {
    try {
      return parse(value)
    } catch {
      context.addIssue({ code: 'custom', message: allowed })
      return z.NEVER
    }
  }))
}

/** A map with these settings and no others. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, { error: 'a map of settings' })
}

export function list<Item extends z.core.SomeType>(item: Item, allowed: string): z.ZodArray<Item> {
  return z.array(item, { error: allowed }).meta({ allowed })
}

/** Tells a fault of one setting below the one that is looked at. */
export type Tell = (path: readonly (string | number)[], message: string) => void

/**
 * A check between settings. It runs also when some of them are wrong, so that all faults are told at once:
 * it must expect anything, or nothing, in every place.
 */
export function across(check: (value: Loose, tell: Tell) => void): z.core.$ZodCheck<unknown> {
  return z.superRefine<unknown>((value, context) => {
    check(value as Loose, (path, message) => context.addIssue({ code: 'custom', path: [...path], message, params: { asIs: true } }))
  }, { when: ({ value }) => isMap(value) })
}

/** A map whose content nobody has vouched for. */
export type Loose = Readonly<Record<string, unknown>>

export function isMap(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a link to this host stays on the machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Whether it can be sent as the value of one header. */
export function isOneLine(value: string): boolean {
  return value.length <= MAX_TEXT && ONE_LINE.test(value)
}

function isOrigin(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value
}

function isHost(value: string): boolean {
  return isIP(value) !== 0 || /^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)*\.?$/.test(value)
}
