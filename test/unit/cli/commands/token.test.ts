import { expect } from 'chai'
import { describe, it } from 'mocha'
import { bench } from './console-bench.ts'

describe('holdfast token', () => {
  it('makes a token with a part of its role, and lists what it has', async () => {
    await bench(async ({ holdfast }) => {
      const made = await holdfast('token', 'create', '--role', 'integrator', '--permission', 'play', '--permission', 'search', '--label', 'desk')
      expect(made.code).to.equal(0)
      expect(made.err).to.include('(integrator, search play alone)')
      expect((await holdfast('token', 'create', '--role', 'integrator', '--label', 'crm')).err).to.include('for crm (integrator)')
      const listed = JSON.parse((await holdfast('token', 'list', '--json')).out) as readonly { readonly label: string; readonly permissions: unknown }[]
      expect(new Map(listed.map(({ label, permissions }) => [label, permissions]))).to.deep.equal(new Map<string, unknown>([['desk', ['search', 'play']], ['crm', null]]))
      expect((await holdfast('token', 'list')).out).to.match(/integrator +search play +desk/).and.to.match(/integrator +all of the role +crm/)
    })
  })

  it('refuses a permission that there is not, and one that the role lacks, and makes nothing', async () => {
    await bench(async ({ holdfast }) => {
      const unknown = await holdfast('token', 'create', '--role', 'integrator', '--permission', 'listen', '--label', 'desk')
      expect(unknown).to.have.property('code', 2)
      expect(unknown.err).to.include('One of search, play, export')
      const lacking = await holdfast('token', 'create', '--role', 'supervisor', '--partition', '/sales', '--permission', 'export', '--label', 'desk')
      expect(lacking.code).to.not.equal(0)
      expect(lacking.err).to.include('supervisor lacks export')
      expect((await holdfast('token', 'list')).out).to.include('There are no tokens')
    })
  })
})
