import { type DocumentNode, type FragmentDefinitionNode, getOperationAST, Kind, type SelectionSetNode } from 'graphql'
import type { Plugin, YogaInitialContext } from 'graphql-yoga'
import type { Library } from '../core/library/library.ts'
import { createContext, type RequestContext } from './context.ts'

/** What a requester does who was let in by what the catalogue said a while ago: the journal tells the audit of it. */
export const CONTROL_FIELDS: ReadonlySet<string> = new Set(['recordingPause', 'recordingResume', 'recordingStart', 'recordingStop', 'myCurrentRecording'])

/** For everything else the catalogue says first who that is: it waits as long as it takes, and fails where the catalogue does. */
export function controlAlone(library: Library): Plugin<YogaInitialContext & RequestContext> {
  const known = async ({ document, operationName, contextValue }: { readonly document: DocumentNode; readonly operationName?: string | null | undefined; readonly contextValue: YogaInitialContext & RequestContext }): Promise<void> => {
    const { requester, knownNow, signal } = contextValue
    if (requester.knownAt === undefined || isOfControl(document, operationName)) return
    Object.assign(contextValue, createContext({ requester: await knownNow(), knownNow, signal }, library))
  }
  return {
    onExecute: async ({ args }) => await known(args),
    onSubscribe: async ({ args }) => await known(args),
  }
}

/** Whether the operation asks for nothing but these. */
export function isOfControl(document: DocumentNode, operationName?: string | null): boolean {
  const operation = getOperationAST(document, operationName)
  const fragments = new Map(document.definitions.flatMap((definition) => definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : []))
  return operation !== null && operation !== undefined && [...rootFields(operation.selectionSet, fragments)].every((name) => CONTROL_FIELDS.has(name))
}

/** Each fragment is opened once: many that name each other twice are no work. */
function* rootFields({ selections }: SelectionSetNode, fragments: Map<string, FragmentDefinitionNode>): Generator<string, void> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      yield selection.name.value
      continue
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    if (selection.kind === Kind.FRAGMENT_SPREAD) fragments.delete(selection.name.value)
    if (inner !== undefined) yield* rootFields(inner.selectionSet, fragments)
  }
}
