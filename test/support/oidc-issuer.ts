import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import type { OidcAlgorithm } from '../../core/domain/oidc-algorithm.ts'

/** For whom its tokens are, unless a test says otherwise. */
export const ISSUER_AUDIENCE = 'holdfast'

export interface IssuerKeys {
  readonly publicKey: CryptoKey
  readonly privateKey: CryptoKey
}

/** An identity provider: signs with its own keys, and publishes them. */
export class OidcIssuer {
  readonly server: Server
  readonly #now: () => Date
  published: readonly JWK[] = []
  discovery: () => unknown = () => ({ issuer: this.url, jwks_uri: `${this.url}/keys` })
  keysAsked = 0
  answerKeys: 'promptly' | 'never' | 'endlessly' = 'promptly'

  private constructor(now: () => Date) {
    this.#now = now
    this.server = createServer((request, response) => {
      if (request.url === '/.well-known/openid-configuration') response.setHeader('Content-Type', 'application/json').end(JSON.stringify(this.discovery()))
      else if (request.url === '/keys') this.#keys(response)
      else response.writeHead(404).end()
    })
  }

  static async open(now: () => Date): Promise<OidcIssuer> {
    const issuer = new OidcIssuer(now)
    await new Promise<void>((resolve) => { issuer.server.listen(0, '127.0.0.1', resolve) })
    return issuer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async publish(kid: string, alg: OidcAlgorithm): Promise<IssuerKeys> {
    const keys = await generateKeyPair(alg, { extractable: true })
    this.published = [...this.published, { ...await exportJWK(keys.publicKey), kid, alg, use: 'sig' }]
    return keys
  }

  async sign({ privateKey }: Pick<IssuerKeys, 'privateKey'>, header: { readonly kid: string; readonly alg: string }, claims: JWTPayload = {}): Promise<string> {
    const at = Math.floor(this.#now().getTime() / 1000)
    return await new SignJWT({ iss: this.url, aud: ISSUER_AUDIENCE, sub: 'subject-1', iat: at, exp: at + 300, preferred_username: 'Änne', groups: ['staff', 'supervisors'], areas: ['/sales'], ...claims }).setProtectedHeader(header).sign(privateKey)
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => { this.server.close(resolve) })
  }

  #keys(response: { end(text?: string): unknown; write(text: string): unknown }): void {
    this.keysAsked += 1
    if (this.answerKeys === 'promptly') response.end(JSON.stringify({ keys: this.published }))
    else if (this.answerKeys === 'endlessly') for (let count = 0; count < 40; count += 1) response.write(' '.repeat(10_000))
  }
}
