import { expect } from 'chai'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'mocha'
import { checkSettings, loadSettings } from '../../../config/load-settings.ts'
import type { Settings } from '../../../config/settings.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

const PBX = `
pbxs:
  - id: main
    type: asterisk
    ami: { username: holdfast, secret: s3cret }
    spool: { type: directory, path: /var/spool/asterisk/recording }
`
const WHO = 'type: mysql, user: holdfast, database: holdfast'

async function load(catalogue: string, environment: Record<string, string> = {}): Promise<Settings['catalogue']> {
  return loadSettings(await fileOf(catalogue), environment).catalogue
}

async function problems(catalogue: string, environment: Record<string, string> = {}): Promise<readonly string[]> {
  const result = checkSettings(await fileOf(catalogue), environment)
  return result.outcome === 'valid' ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`)
}

async function fileOf(catalogue: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'holdfast.yaml')
  writeFileSync(join(dirname(file), 'password'), 'from the file\n')
  writeFileSync(join(dirname(file), 'ca.pem'), 'an authority')
  writeFileSync(file, `${PBX}catalogue: ${catalogue}\n`)
  return file
}

describe('a catalogue at a server', () => {
  it('is known by host or socket, user and database', async () => {
    const common = { type: 'mysql', user: 'holdfast', password: 'x', database: 'holdfast', tls: null, maxConnections: 16 }
    expect(await load(`{ ${WHO}, password: x, host: 127.0.0.1 }`)).to.deep.equal({ ...common, address: { host: '127.0.0.1', port: 3306 } })
    expect(await load(`{ ${WHO}, password: x, host: localhost, port: 3307, maxConnections: 4 }`)).to.deep.equal({ ...common, address: { host: 'localhost', port: 3307 }, maxConnections: 4 })
    expect(await load(`{ ${WHO}, password: x, socketPath: /run/mysqld/mysqld.sock }`)).to.deep.equal({ ...common, address: { socketPath: '/run/mysqld/mysqld.sock' } })
  })

  it('has its password from the settings, a file or the environment, and tells none', async () => {
    expect(await load(`{ ${WHO}, host: localhost, passwordFile: password }`)).to.include({ password: 'from the file' })
    expect(await load(`{ ${WHO}, host: localhost, passwordFile: password }`, { HOLDFAST_CATALOGUE_PASSWORD: 'from outside' })).to.include({ password: 'from outside' })
    expect(await load(`{ ${WHO}, host: localhost }`, { HOLDFAST_CATALOGUE_PASSWORD: 'from outside' })).to.include({ password: 'from outside' })
    expect(await problems(`{ ${WHO}, host: localhost }`)).to.deep.equal(['catalogue.password: is missing: give `passwordFile`, `password` or the environment variable (docs/settings.md)'])
    expect(await problems(`{ ${WHO}, host: localhost, password: x, passwordFile: password }`)).to.deep.equal(['catalogue.passwordFile: `password` and `passwordFile` are both given: keep one'])
    expect((await problems(`{ ${WHO}, host: localhost, password: 4711 }`)).join()).to.include('catalogue.password: (hidden value) is not allowed')
  })

  it('knows no password where it is a file', async () => {
    expect(await problems('{ type: sqlite }', { HOLDFAST_CATALOGUE_PASSWORD: 'x' })).to.deep.equal(['environment variable HOLDFAST_CATALOGUE_PASSWORD: overrides no setting of this file'])
  })

  it('is not reached in clear over the network, unless its host is named', async () => {
    const plain = 'catalogue.tls: a link without TLS to the remote host db.example.com is refused: set `tls`, or name the host in `allowPlaintextTo`'
    expect(await problems(`{ ${WHO}, password: x, host: db.example.com }`)).to.deep.equal([plain])
    expect(await problems(`{ ${WHO}, password: x, host: db.example.com, allowPlaintextTo: other.example.com }`)).to.deep.equal([plain])
    expect(await problems(`{ ${WHO}, password: x, host: db.example.com, allowPlaintextTo: db.example.com }`)).to.deep.equal([])
    expect(await load(`{ ${WHO}, password: x, host: db.example.com, tls: {} }`)).to.deep.include({ tls: {} })
    expect(await load(`{ ${WHO}, password: x, host: db.example.com, tls: { caFile: ca.pem } }`)).to.deep.include({ tls: { ca: 'an authority' } })
  })

  it('is reached over TLS by the name that its certificate carries', async () => {
    for (const host of ['10.0.0.7', '::1']) {
      expect(await problems(`{ ${WHO}, password: x, host: '${host}', tls: {} }`)).to.deep.equal([`catalogue.host: ${host} is an address, and a certificate is checked by name: give the server's name`])
    }
  })

  it('is at one place', async () => {
    expect(await problems(`{ ${WHO}, password: x }`)).to.deep.equal(['catalogue.host: is missing: give `host` or `socketPath`'])
    const twice = await problems(`{ ${WHO}, password: x, socketPath: sock, host: localhost, port: 3306, tls: {}, allowPlaintextTo: localhost }`)
    expect(twice).to.deep.equal(['host', 'port', 'tls', 'allowPlaintextTo'].map((name) => `catalogue.${name}: is of no use with \`socketPath\`: keep one of both`))
  })

  it('has a database whose name is one, and a kind that there is', async () => {
    for (const database of ['a`b', '../x', '', 'x'.repeat(65)]) expect(await problems(`{ type: mysql, user: u, password: x, host: localhost, database: '${database}' }`)).to.have.length(1)
    expect((await problems('{ type: postgres }')).join()).to.include('catalogue.type: "postgres" is not allowed; allowed: sqlite, mysql')
    expect(await problems('{ type: sqlite, host: localhost }')).to.deep.equal(['catalogue.host: there is no such setting; known here: type, file'])
  })
})
