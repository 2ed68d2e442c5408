/** Signatures that nobody can make with the public key. `none` and `HS…` are none of them. Source: RFC 8725 §3.1, §2.1 */
export const OIDC_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const
export type OidcAlgorithm = (typeof OIDC_ALGORITHMS)[number]
