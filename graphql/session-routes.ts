import type { ServerResponse } from 'node:http'
import type { Requester } from '../core/domain/actor.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import { parseSessionId } from '../core/domain/ids.ts'
import type { Library } from '../core/library/library.ts'
import type { StoredSession } from '../core/ports/sign-in-store.ts'
import { sendJson, sendRefusal } from './http-answer.ts'
import { isJson, jsonTexts } from './json-body.ts'
import { type Arrival, cookieTransport, identifyBySession, type IdentityParts } from './request-identity.ts'
import { mustBeOurs } from './same-origin.ts'
import { clearSessionCookie, sessionCookie, setSessionCookie } from './session-cookie.ts'

export const SESSION_PATH = '/session'
export const SESSION_PASSWORD_PATH = '/session/password'
export const SESSION_ALL_PATH = '/session/all'

export interface SessionParts extends IdentityParts {
  readonly services: Pick<Library, 'authentication' | 'sessions' | 'passwords'>
}

type Act = (parts: SessionParts, arrival: Arrival) => Promise<void>

const ACTS: Readonly<Record<string, Readonly<Record<string, Act>>>> = {
  [SESSION_PATH]: { POST: signIn, GET: show, DELETE: signOut },
  [SESSION_ALL_PATH]: { DELETE: signOutEverywhere },
  [SESSION_PASSWORD_PATH]: { POST: changePassword },
}

/** `POST /session` signs in, `GET` shows one's own, `DELETE` signs out; `DELETE /session/all` everywhere; `POST /session/password` changes it. */
export async function answerSession(parts: SessionParts, path: string, arrival: Arrival): Promise<void> {
  const acts = ACTS[path] ?? {}
  const { request, response } = arrival
  const act = Object.hasOwn(acts, request.method ?? '') ? acts[request.method ?? ''] : undefined
  if (act === undefined) sendRefusal(response, { status: 405, message: `this is done with ${Object.keys(acts).join(', ')}`, headers: { Allow: Object.keys(acts).join(', ') } })
  else if (request.method === 'POST' && !isJson(request)) sendRefusal(response, { status: 415, message: 'sent as application/json' })
  else await act(parts, arrival)
}

async function signIn(parts: SessionParts, { request, response, address }: Arrival): Promise<void> {
  // Else a foreign page signs a visitor in as somebody whom it knows, and reads what she does there. Browsers alone send Origin; a program needs none.
  if (request.headers.origin !== undefined) mustBeOurs(request, parts.options.publicOrigin)
  const { name, password } = await jsonTexts(request, ['name', 'password'])
  const { text, session, requester } = await parts.services.passwords.signIn(name, password, address)
  const transport = cookieTransport(parts)
  // The one of before would be nobody's: whoever signs in anew has left it.
  const before = sessionCookie(request, transport)
  const left = before === null ? null : await parts.services.sessions.resume(before, address)
  if (left !== null) await parts.services.sessions.endOwn(left.requester, left.session.id)
  setSessionCookie(response, text, transport)
  sendJson(response, { status: 200, body: { viewer: { name: requester.label, role: requester.role.name }, session: shown(session, requester) } })
}

async function show(parts: SessionParts, arrival: Arrival): Promise<void> {
  const requester = await signedIn(parts, arrival)
  const sessions = await parts.services.sessions.list(requester)
  sendJson(arrival.response, { status: 200, body: { viewer: { name: requester.label, role: requester.role.name }, sessions: sessions.map((session) => shown(session, requester)) } })
}

/** `?id=` ends another one of hers; what is not hers is not there, and not being there is what was wanted. */
async function signOut(parts: SessionParts, arrival: Arrival): Promise<void> {
  const requester = await signedIn(parts, arrival)
  const named = new URL(arrival.request.url ?? '/', 'http://localhost').searchParams.get('id')
  const id = named === null ? requester.session ?? null : parseSessionId(named)
  done(parts, arrival, { ended: await parts.services.sessions.endOwn(requester, id), current: id === requester.session })
}

async function signOutEverywhere(parts: SessionParts, arrival: Arrival): Promise<void> {
  done(parts, arrival, { ended: await parts.services.sessions.endOwn(await signedIn(parts, arrival), null), current: true })
}

async function changePassword(parts: SessionParts, arrival: Arrival): Promise<void> {
  const requester = await signedIn(parts, arrival)
  const renewed = await parts.services.passwords.change(requester, await jsonTexts(arrival.request, ['current', 'next']))
  if (renewed !== null) setSessionCookie(arrival.response, renewed, cookieTransport(parts))
  sendJson(arrival.response, { status: 200, body: { changed: true } })
}

function done(parts: SessionParts, { response }: { readonly response: ServerResponse }, { ended, current }: { readonly ended: number; readonly current: boolean }): void {
  if (current) clearSessionCookie(response, cookieTransport(parts))
  sendJson(response, { status: 200, body: { ended } })
}

/** @throws HoldfastError `UNAUTHENTICATED` also for a token: it has no sessions */
async function signedIn(parts: SessionParts, arrival: Arrival): Promise<Requester> {
  const requester = await identifyBySession(parts, arrival)
  if (requester === null) throw new HoldfastError('UNAUTHENTICATED', 'sign in first: POST /session with name and password')
  return requester
}

function shown({ id, createdAt, seenAt, expiresAt, address }: StoredSession, requester: Requester): object {
  return { id, createdAt, seenAt, expiresAt, address, current: id === requester.session }
}
