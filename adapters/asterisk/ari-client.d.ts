/** The part of ari-client 2.2.0 that we use. It makes its operations from what the server describes, so that none is sure to be there. */
declare module 'ari-client' {
  export interface AriClient {
    readonly asterisk: { getInfo(): Promise<unknown> }
    readonly recordings: { listStored(): Promise<unknown> }
  }

  const ari: { connect(url: string, username: string, password: string): Promise<AriClient> }
  export default ari
}
