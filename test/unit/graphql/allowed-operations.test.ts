import { expect } from 'chai'
import { describe, it } from 'mocha'
import { digestOf } from '../../../graphql/allowed-operations.ts'
import { ServerBench } from './server-bench.ts'

const ALLOWED = 'query Me { viewer { roleName } }'

describe('operations that alone are allowed', () => {
  it('are answered by their text and by its digest; nothing else is', async () => {
    await using server = await ServerBench.open({ operations: new Map([[digestOf(ALLOWED), ALLOWED]]) })
    const token = await server.bench.token('integrator')
    const post = async (body: object): Promise<readonly unknown[]> => {
      const reply = await server.request('/graphql', { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify(body) })
      const { data = null, errors = [] } = JSON.parse(reply.body.toString())
      return [reply.status, data?.viewer?.roleName ?? null, errors[0]?.extensions?.code ?? null]
    }
    const persisted = (sha256Hash: unknown): object => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })
    for (const body of [{ query: ALLOWED }, persisted(digestOf(ALLOWED)), { query: '', ...persisted(digestOf(ALLOWED)) }]) expect(await post(body), JSON.stringify(body)).to.deep.equal([200, 'integrator', null])
    for (const body of [{ query: `${ALLOWED} ` }, { query: '{ __schema { types { name } } }' }, { query: '{ viewer { label } }', ...persisted(digestOf(ALLOWED)) }, { query: '{' }, persisted(digestOf('{ viewer { label } }')), persisted(7), persisted('__proto__'), { extensions: { persistedQuery: null } }, {}]) {
      expect(await post(body), JSON.stringify(body)).to.deep.equal([400, null, 'OPERATION_UNKNOWN'])
    }
  })
})
