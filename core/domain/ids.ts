import { HoldfastError } from './errors.ts'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** A recording. Decimal text of a 53-bit number ordered by start time (recording-id.ts); opaque outside. */
export type RecordingId = Branded<'RecordingId'>
/** One customer conversation, over transfers and sites. Minted at the first PBX that sees it; travels as `X-Interaction-ID`. */
export type InteractionId = Branded<'InteractionId'>
/** One switch instance, as named in the configuration. */
export type PbxId = Branded<'PbxId'>
/** One leg. Asterisk `Uniqueid`, FreeSWITCH `Unique-ID`. Unique within one PBX only. */
export type ChannelId = Branded<'ChannelId'>
/** All legs of one conversation. Asterisk `Linkedid`, FreeSWITCH `variable_call_uuid`. A transfer can merge calls: never a primary key. */
export type CallId = Branded<'CallId'>
/** A capture or API node, as named in the configuration; also the name of its audit chain. */
export type NodeName = Branded<'NodeName'>
/** A place for sealed recordings, as named in the configuration. */
export type StoreName = Branded<'StoreName'>
/** A token that was handed out; not its secret. */
export type TokenId = Branded<'TokenId'>
/** A legal hold. */
export type HoldId = Branded<'HoldId'>
/** One run of the retention rules: what was planned, and is carried out. */
export type RetentionRunId = Branded<'RetentionRunId'>
/** A package of recordings that somebody asked for. */
export type ExportId = Branded<'ExportId'>
/** One stay of an agent at a desk. */
export type SeatId = Branded<'SeatId'>
/** Somebody who signs in; not her name. */
export type UserId = Branded<'UserId'>
/** What began when somebody signed in; not its secret. */
export type SessionId = Branded<'SessionId'>
/** A business unit, as the organisation calls it for good: its shown name may change. */
export type UnitId = Branded<'UnitId'>
/** A role that the organisation made. */
export type CustomRoleName = Branded<'CustomRoleName'>

/** @throws HoldfastError `MALFORMED_ID` unless decimal digits of a safe integer above zero. */
export function parseRecordingId(text: string): RecordingId {
  return /^[1-9][0-9]{0,15}$/.test(text) && Number.isSafeInteger(Number(text))
    ? (text as RecordingId)
    : refuse('recording', text)
}

/** @throws HoldfastError `MALFORMED_ID` unless 1 to 96 of `0-9A-Za-z._-`, beginning with a letter or digit. */
export const parseInteractionId = parser<InteractionId>('interaction', /^[0-9A-Za-z][0-9A-Za-z._-]{0,95}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 1 to 32 of `0-9a-z-`, beginning with a letter or digit: it becomes part of file names. */
export const parsePbxId = parser<PbxId>('pbx', /^[0-9a-z][0-9a-z-]{0,31}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 1 to 150 of `0-9A-Za-z._:@/-`. Source: Asterisk AST_MAX_UNIQUEID is 150 with its terminator; systemname may prefix it. */
export const parseChannelId = parser<ChannelId>('channel', /^[0-9A-Za-z._:@/-]{1,150}$/)
/** @throws HoldfastError `MALFORMED_ID`; same alphabet as a channel id. */
export const parseCallId = parser<CallId>('call', /^[0-9A-Za-z._:@/-]{1,150}$/)
/** @throws HoldfastError `MALFORMED_ID`; same alphabet as a PBX id. */
export const parseNodeName = parser<NodeName>('node', /^[0-9a-z][0-9a-z-]{0,31}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 1 to 16 of `0-9a-z-`, beginning with a letter: names of recordings begin with a digit. */
export const parseStoreName = parser<StoreName>('store', /^[a-z][0-9a-z-]{0,15}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 16 hexadecimal digits. */
export const parseTokenId = parser<TokenId>('token', /^[0-9a-f]{16}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 16 hexadecimal digits. */
export const parseHoldId = parser<HoldId>('hold', /^[0-9a-f]{16}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 16 hexadecimal digits: it becomes part of file names. */
export const parseRetentionRunId = parser<RetentionRunId>('retention run', /^[0-9a-f]{16}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 16 hexadecimal digits. */
export const parseExportId = parser<ExportId>('export', /^[0-9a-f]{16}$/)
/** @throws HoldfastError `MALFORMED_ID` unless a UUID in lower case. */
export const parseSeatId = parser<SeatId>('seat', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 16 hexadecimal digits. */
export const parseUserId = parser<UserId>('user', /^[0-9a-f]{16}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 16 hexadecimal digits. */
export const parseSessionId = parser<SessionId>('session', /^[0-9a-f]{16}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 1 to 40 of `0-9a-z-`, beginning with a letter or digit. */
export const parseUnitId = parser<UnitId>('unit', /^[0-9a-z][0-9a-z-]{0,39}$/)
/** @throws HoldfastError `MALFORMED_ID` unless 1 to 40 of `0-9a-z-`, beginning with a letter. A default role has a name of its own: see `parseRoleName`. */
export const parseCustomRoleName = parser<CustomRoleName>('role', /^[a-z][0-9a-z-]{0,39}$/)

function parser<Id extends string>(kind: string, pattern: RegExp): (text: string) => Id {
  return (text) => (pattern.test(text) ? (text as Id) : refuse(kind, text))
}

function refuse(kind: string, text: string): never {
  // The text is a stranger's: only its length is repeated.
  throw new HoldfastError('MALFORMED_ID', `not a ${kind} id`, { kind, length: text.length })
}
