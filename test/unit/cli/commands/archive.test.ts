import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ArchiveBench, RUN } from '../../../support/archive-bench.ts'
import { MemoryBlobStore } from '../../../support/fakes/memory-blob-store.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { idAt } from '../../../support/recording-facts.ts'
import { bench as consoleBench } from './console-bench.ts'

const { signal } = new AbortController()

interface Signed {
  readonly manifest: string
  readonly key: string
  readonly keyId: string
  readonly config: string
}

/** A signed manifest of one recording, the key that verifies it, and settings that name its archive, as files. */
async function signedIn(directory: string): Promise<Signed> {
  const cold = new MemoryBlobStore()
  const archive = await ArchiveBench.open(join(directory, 'archive.db'), { own: new MemoryBlobStore(), cold })
  await archive.stored({ id: idAt(0) })
  await archive.archive().archive(idAt(0), RUN, signal)
  const name = await archive.archive().closeRun(RUN, signal)
  const [manifest, key] = [join(directory, 'run.manifest'), join(directory, 'key.pem')]
  await writeFile(manifest, cold.blobs.get(name ?? '') ?? '')
  await writeFile(key, archive.signer.verificationKeyPem)
  await archive.close()
  const config = join(directory, 'holdfast.yaml')
  await mkdir(join(directory, 'data'))
  await writeFile(config, `
dataDirectory: data
stores: [{ name: cold, path: cold }]
pbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]`)
  return { manifest, key, keyId: archive.signer.keyId, config }
}

describe('holdfast archive verify', () => {
  it('reads a whole manifest, with a key that is given and without', async () => {
    const { manifest, key, keyId, config } = await signedIn(await temporaryDirectory())
    await consoleBench(async (console) => {
      for (const words of [[manifest], [manifest, '--key', key]]) {
        const { out, err } = await console.bare('archive', 'verify', ...words, '--config', config)
        expect(out, `${words.join(' ')}: ${err}`).to.include(`manifest   good: signed with key ${keyId}, not changed since\nrecordings 1 listed, 1 read`)
      }
    })
  })

  it('says what cannot be read, and what is to be done', async () => {
    const { manifest, config } = await signedIn(await temporaryDirectory())
    await consoleBench(async (console) => {
      expect(await console.bare('archive', 'verify', manifest, '--key', '/nowhere.pem', '--config', config)).to.deep.include({ code: 2, err: 'holdfast: /nowhere.pem cannot be read: there is no such file or directory [CONFIG_INVALID]' })
      expect((await console.bare('archive', 'verify', 'nothing', '--config', config)).err).to.equal('holdfast: nothing: there is no such file, and no such manifest in the archive [CONFIG_INVALID]')
      const elsewhere = 'warm.0.00c0ffee00c0ffee.manifest'
      expect(await console.bare('archive', 'verify', elsewhere, '--config', config)).to.deep.include({ code: 2, err: `holdfast: ${elsewhere}: there is no such file, and the settings name no store warm that would hold such a manifest [CONFIG_INVALID]` })
    })
  })
})
