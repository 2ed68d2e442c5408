import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError, NoSchemaIntrospectionCustomRule, validate } from 'graphql'
import { createLRUCache, createYoga, type Plugin, type YogaInitialContext } from 'graphql-yoga'
import { HoldfastError } from '../core/domain/errors.ts'
import type { Library } from '../core/library/library.ts'
import type { Log, Runtime } from '../core/ports/runtime.ts'
import { allowOnly } from './allowed-operations.ts'
import { createContext, type RequestContext } from './context.ts'
import { controlAlone } from './control-alone.ts'
import { statusOf } from './http-answer.ts'
import type { HttpOptions } from './http-options.ts'
import { checkTokens, checkWeight } from './query-limits.ts'
import { createHoldfastSchema } from './schema.ts'
import { maskOf, userErrorOf } from './user-errors.ts'

/** Clients send few different documents; each parsed one is at most some hundred kilobytes. */
const MAX_CACHED_DOCUMENTS = 100
const REFERENCE_BYTES = 6

export type GraphqlHandler = (request: IncomingMessage, response: ServerResponse, context: RequestContext) => Promise<void>

/** graphql-yoga behind our own limits, masking and deadlines. Whoever calls it has authenticated the request. */
export function createGraphqlHandler({ library, runtime, options }: { readonly library: Library; readonly runtime: Runtime; readonly options: HttpOptions }): GraphqlHandler & AsyncDisposable {
  const schema = createHoldfastSchema()
  const yoga = createYoga<RequestContext>({
    schema,
    context: (initial: YogaInitialContext & RequestContext) => createContext(initial, library),
    plugins: [options.operations === null ? {} : allowOnly(options.operations), limitQueries(options), controlAlone(library), limitTime(options.executionDeadlineMs), options.introspection === 'off' ? refuseIntrospection() : {}],
    maskedErrors: { maskError: (error) => maskedError(error, runtime.log) },
    parserAndValidationCache: { documentCache: createLRUCache({ max: MAX_CACHED_DOCUMENTS }), errorCache: createLRUCache({ max: MAX_CACHED_DOCUMENTS }) },
    maxRequestBodySize: options.maxBodyBytes,
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
  })
  const handler = async (request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> => {
    // yoga builds a URL from both, and throws where a stranger's header is no host; nothing here depends on either.
    request.headers.host = 'localhost'
    request.url = '/graphql'
    // Events are told when they happen, also behind a proxy that gathers answers. Source: nginx, ngx_http_proxy_module, proxy_buffering
    if (request.headers.accept?.includes('text/event-stream') === true) response.setHeader('X-Accel-Buffering', 'no')
    await yoga(request, response, context)
  }
  return Object.assign(handler, { [Symbol.asyncDispose]: async () => { await yoga.dispose() } })
}

/** Tokens before parsing, weight before validating: what is refused has cost next to nothing. */
function limitQueries({ limits }: HttpOptions): Plugin<YogaInitialContext> {
  return {
    onParse: ({ parseFn, setParseFn }) => setParseFn((source, parseOptions) => {
      checkTokens(typeof source === 'string' ? source : source.body, limits)
      return parseFn(source, parseOptions)
    }),
    onValidate: ({ params: { schema, documentAST }, context }) => checkWeight(documentAST, { schema, variables: context.params.variables ?? {}, limits }),
  }
}

/** An answer that takes too long is given up, whatever it waits for. Subscriptions are meant to last. */
function limitTime(deadlineMs: number): Plugin {
  return {
    onExecute: ({ executeFn, setExecuteFn }) => setExecuteFn(async (args) => {
      const deadline = Promise.withResolvers<never>()
      const timer = setTimeout(() => deadline.reject(new HoldfastError('QUERY_TIMEOUT', 'the answer took too long and was given up', { deadlineMs })), deadlineMs)
      try {
        return await Promise.race([executeFn(args), deadline.promise])
      } finally {
        clearTimeout(timer)
      }
    }),
  }
}

/** Nobody learns the schema from here: not by asking for it, nor by mistyping and being corrected. */
function refuseIntrospection(): Plugin {
  return {
    onValidate: ({ addValidationRule, setValidationFn }) => {
      addValidationRule(NoSchemaIntrospectionCustomRule)
      setValidationFn((schema, document, rules) => validate(schema, document, rules, { hideSuggestions: true }))
    },
  }
}

/** What a client is told of an error: its own mistakes and what it can act upon; of all else only a number that is in the log too. */
function maskedError(error: unknown, log: Log): Error {
  const original = error instanceof GraphQLError ? error.originalError ?? error : error
  if (original instanceof GraphQLError && error instanceof Error) return error
  const where = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {}
  const told = userErrorOf(original)
  if (told !== null) {
    // Without a path nothing was executed: the whole request is answered with the status of its failure.
    const http = error instanceof GraphQLError && error.path !== undefined ? {} : { http: { status: statusOf(told.code) } }
    return new GraphQLError(told.message, { ...where, extensions: { code: told.code, retry: told.retry, ...http } })
  }
  const reference = randomBytes(REFERENCE_BYTES).toString('hex')
  log.error({ error: original, reference, ...(error instanceof GraphQLError ? { path: error.path } : {}) }, 'graphql request failed')
  const { message, extensions, status } = maskOf(original)
  const http = error instanceof GraphQLError && error.path !== undefined ? {} : { http: { status } }
  return new GraphQLError(message, { ...where, extensions: { ...extensions, reference, ...http } })
}
