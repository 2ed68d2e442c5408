import { expect } from 'chai'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

async function load(text: string, environment: Record<string, string> = {}): Promise<Settings> {
  return loadSettings(await fileOf(text), environment)
}

async function problems(text: string): Promise<readonly string[]> {
  const result = checkSettings(await fileOf(text), {})
  return result.outcome === 'valid' ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`)
}

async function fileOf(text: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'holdfast.yaml')
  writeFileSync(file, text)
  return file
}

describe('stores in buckets', () => {
  const S3 = 'type: s3, endpoint: "https://s3.example.com", bucket: sealed, accessKeyId: AK'

  it('are known by endpoint, bucket and key; the secret stands in the file, in one of its own, or in the environment', async () => {
    const settings = await load(`${PBX}objects: { ${S3}, secretKey: one }\nstores: [{ name: cold-1, ${S3}, prefix: holdfast/, secretKey: two }, { name: near, path: /srv/near }]\n`, { HOLDFAST_STORE_COLD_1_SECRET_KEY: 'three' })
    const common = { type: 's3', endpoint: 'https://s3.example.com', bucket: 'sealed', region: 'us-east-1', accessKeyId: 'AK', caPem: null }
    expect(settings.objects).to.deep.equal({ ...common, prefix: '', secretAccessKey: 'one' })
    expect(settings.stores).to.deep.equal([{ name: 'cold-1', ...common, prefix: 'holdfast/', secretAccessKey: 'three' }, { name: 'near', type: 'directory', path: '/srv/near' }])
  })

  it('have a secret, are not reached in clear unless the host is named, and have no path', async () => {
    expect(await problems(`${PBX}objects: { ${S3} }\n`)).to.have.length(1)
    expect(await problems(`${PBX}objects: { ${S3.replace('https', 'http')}, secretKey: x }\n`)).to.have.length(1)
    expect(await problems(`${PBX}objects: { ${S3.replace('https', 'http')}, secretKey: x, allowPlaintextTo: s3.example.com }\n`)).to.deep.equal([])
    expect(await problems(`${PBX}objects: { ${S3.replace('.com', '.com/sealed')}, secretKey: x }\n`)).to.have.length(1)
    expect(await problems(`${PBX}stores: [{ name: cold, ${S3}, secretKey: x, prefix: ../ }, { name: other, ${S3.replace('sealed', 'UP')}, secretKey: x }]\n`)).to.have.length(2)
  })
})

describe('the archive of the settings', () => {
  const STORES = 'stores: [{ name: cold, path: /srv/cold }]\n'

  it('is one of the stores; whether it plays, and whether it lets go of anything, is said', async () => {
    expect((await load(PBX)).archive).to.equal(null)
    expect((await load(`${PBX}${STORES}archive: { store: cold }\n`)).archive).to.deep.equal({ store: 'cold', play: true, erasable: true, attached: [] })
    expect((await load(`${PBX}${STORES}archive: { store: cold, play: false, erasable: false, attached: [claim] }\n`)).archive).to.deep.equal({ store: 'cold', play: false, erasable: false, attached: ['claim'] })
  })

  it('is no store that is not there, and none into which a PBX is recorded', async () => {
    expect(await problems(`${PBX}archive: { store: cold }\n`)).to.have.length(1)
    expect(await problems(`${PBX.replace('type: asterisk', 'type: asterisk\n    store: cold')}${STORES}archive: { store: cold }\n`)).to.have.length(1)
  })
})
