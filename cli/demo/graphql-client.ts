/** An answer takes milliseconds; a pause waits for the PBX, five seconds at most. */
const REQUEST_DEADLINE_MS = 15_000

/** Holdfast's GraphQL as an integrator speaks it: JSON over HTTP with a bearer token. */
export class GraphqlClient {
  readonly #url: string
  readonly #token: string

  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  /** The data of an answer. The caller says its shape, as the schema gives it. @throws Error with the messages of an answer with errors */
  async request<Data>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
    })
    const body = (await response.json()) as { readonly data?: Data | null; readonly errors?: readonly { readonly message: string }[] }
    if (body.errors !== undefined || body.data === undefined || body.data === null) {
      throw new Error(`GraphQL answered ${response.status}: ${body.errors?.map(({ message }) => message).join('; ') ?? 'no data'}`)
    }
    return body.data
  }
}
