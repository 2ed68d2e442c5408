import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { parse } from 'yaml'
import { tagsOf } from '../../../cli/doctor/freeswitch/xml-tags.ts'
import { checkSettings } from '../../../config/load-settings.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

const DOCKER = join(import.meta.dirname, '../../../docker')

interface Service {
  readonly image?: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly profiles?: readonly string[]
  readonly depends_on?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly network_mode?: string
  readonly ports?: readonly string[]
}

const { services, volumes } = parse(readFileSync(join(DOCKER, 'compose.yaml'), 'utf8'), { merge: true }) as { readonly services: Readonly<Record<string, Service>>; readonly volumes: Readonly<Record<string, unknown>> }

/** Variables take their defaults, as where nobody set them. */
function sourceOf(volume: string): string {
  return volume.replace(/\$\{\w+:-([^}]*)\}/g, '$1').split(':')[0] ?? ''
}

/** What no engine was there to say: the file is read by a YAML parser, and what it names is looked for. */
describe('docker/compose.yaml', () => {
  for (const [name, service] of Object.entries(services)) {
    it(`mounts and builds what is there: ${name}`, () => {
      if (service.build !== undefined) expect(existsSync(join(DOCKER, service.build.context, service.build.dockerfile))).to.equal(true)
      else expect(service.image).to.be.a('string')
      for (const source of (service.volumes ?? []).map(sourceOf)) {
        // The administrator's own folder is not in the repository.
        if (source.startsWith('.') && source !== './holdfast') expect(existsSync(join(DOCKER, source)), source).to.equal(true)
        else if (!source.startsWith('/') && source !== './holdfast') expect(volumes).to.have.property(source)
      }
    })

    it(`opens no port to the network: ${name}`, () => {
      expect(service.ports).to.equal(undefined)
    })

    it(`has in its profiles whatever it depends on: ${name}`, () => {
      for (const needed of service.depends_on ?? []) {
        for (const profile of service.profiles ?? []) expect(services[needed]?.profiles).to.include(profile)
      }
    })
  }

  it('brings Holdfast up with either PBX, and with both', () => {
    expect(Object.keys(services)).to.include.members(['with-asterisk', 'with-freeswitch', 'with-both', 'freeswitch'])
  })

  for (const name of readdirSync(join(DOCKER, 'settings'))) {
    it(`names settings that are valid with the secrets that it hands over: ${name}`, async () => {
      const service = Object.values(services).find(({ command }) => command?.at(-1) === `/etc/holdfast-settings/${name}`)
      const directory = await temporaryDirectory()
      const recipients = join(directory, 'recipients.txt')
      writeFileSync(recipients, '# nobody yet\n')
      const file = join(directory, name)
      writeFileSync(file, readFileSync(join(DOCKER, 'settings', name), 'utf8').replaceAll('/etc/holdfast/recipients.txt', recipients))
      const secrets = Object.fromEntries(Object.keys(service?.environment ?? {}).map((variable) => [variable, 's3cret']))
      const result = checkSettings(file, secrets)
      expect(result.outcome === 'invalid' ? result.problems : []).to.deep.equal([])
      const spools = result.outcome === 'valid' ? result.settings.pbxs.flatMap(({ spool }) => (spool.type === 'directory' ? [spool.path] : [])) : []
      const mounted = (service?.volumes ?? []).map((volume) => volume.split(':').at(-1))
      expect(mounted).to.include.members(spools)
    })
  }

  it('gives FreeSWITCH a password from outside, on loopback alone', () => {
    const tags = tagsOf(readFileSync(join(DOCKER, 'freeswitch/freeswitch.xml'), 'utf8'))
    const param = (name: string): string | undefined => tags.find(({ attributes }) => attributes.get('name') === name)?.attributes.get('value')
    expect([param('listen-ip'), param('sip-ip'), param('rtp-ip'), param('password')]).to.deep.equal(['127.0.0.1', '127.0.0.1', '127.0.0.1', '$${esl_password}'])
    expect(Object.keys(services['freeswitch']?.environment ?? {})).to.deep.equal(['HOLDFAST_ESL_PASSWORD'])
    expect(tags.find(({ attributes }) => attributes.get('cmd') === 'env-set')?.attributes.get('data')).to.equal('esl_password=$HOLDFAST_ESL_PASSWORD')
  })
})
