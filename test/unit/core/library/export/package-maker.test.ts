import { Decrypter } from 'age-encryption'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { newIdentity } from '../../../../../core/crypto/key-ring.ts'
import type { Role } from '../../../../../core/domain/actor.ts'
import { readPackage } from '../../../../../core/library/export/package-verify.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'
import { makerOf, orderOf, packageOf } from '../package-bench.ts'

async function filesOf(archive: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const { files, faults } = await readPackage(new Blob([Uint8Array.from(archive)]))
  expect(faults).to.deep.equal([])
  return new Map(await Promise.all(files.map(async ({ name, content }) => [name.replace(/^recordings\/\d+\//, ''), Buffer.from(await content.arrayBuffer())] as const)))
}

async function requesterOf(bench: LibraryBench, role: Role, partitions?: readonly string[]): ReturnType<LibraryBench['library']['authentication']['authenticate']> {
  return await bench.library.authentication.authenticate(await bench.token(role, partitions), 'local')
}

describe('a package', () => {
  it('holds the sound as it was recorded, what is known of it, and what the audit tells', async () => {
    const bench = await LibraryBench.open()
    const { id, plain } = await bench.stored({ sizeBytes: 100_000 })
    const requester = await requesterOf(bench, 'compliance-officer')
    const files = await filesOf(await packageOf(makerOf(bench), orderOf(requester), { requester, ids: [id] }))
    expect(files.get('audio.wav')).to.deep.equal(plain)
    const told = JSON.parse(String(files.get('recording.json'))) as Readonly<Record<string, unknown>>
    expect(told['id']).to.equal(id)
    expect(told['caller']).to.deep.equal({ number: '+4930123', name: null })
    expect(String(files.get('audit.jsonl')).trim().split('\n').map((line) => (JSON.parse(line) as { readonly action: string }).action)).to.include('recording.stored')
  })

  it('tells of attached data what the requester may see, and counts the rest', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ attached: { mood: 'calm', CONTRACT_VALUE: '4200', CASE_NOTE: 'secret' } })
    const seen = async (role: Role): Promise<readonly unknown[]> => {
      const requester = await requesterOf(bench, role, role === 'integrator' ? ['/sales'] : undefined)
      const archive = await packageOf(makerOf(bench), orderOf(requester), { requester, ids: [id] })
      const told = JSON.parse(String((await filesOf(archive)).get('recording.json'))) as Readonly<Record<string, unknown>>
      return [told['attached'], told['attachedHidden'], archive.includes('secret'), (await filesOf(archive)).has('audit.jsonl')]
    }
    expect(await seen('compliance-officer')).to.deep.equal([{ mood: 'calm', CONTRACT_VALUE: '4200', CASE_NOTE: 'secret' }, 0, true, true])
    expect(await seen('integrator')).to.deep.equal([{ mood: 'calm' }, 2, false, false])
  })

  it('holds the sound sealed to the recipient that was named, and no byte of it open', async () => {
    const bench = await LibraryBench.open()
    const { id, plain } = await bench.stored({ sizeBytes: 140_000 })
    const identity = await newIdentity(new Date(0))
    const requester = await requesterOf(bench, 'compliance-officer')
    const archive = await packageOf(makerOf(bench), orderOf(requester, { recipient: identity.recipient }), { requester, ids: [id] })
    expect(archive.includes(plain.subarray(1000, 1064))).to.equal(false)
    const decrypter = new Decrypter()
    decrypter.addIdentity(/AGE-SECRET-KEY-\S+/.exec(identity.fileText)?.[0] ?? '')
    expect(Buffer.from(await decrypter.decrypt(new Uint8Array((await filesOf(archive)).get('audio.wav.age') ?? [])))).to.deep.equal(plain)
  })

  it('is refused where the requester may not export, or the recording is out of reach', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ partitions: ['/support'] })
    const supervisor = await requesterOf(bench, 'supervisor')
    await expectCode(packageOf(makerOf(bench), orderOf(supervisor), { requester: supervisor, ids: [id] }), 'FORBIDDEN')
    const other = await requesterOf(bench, 'integrator', ['/sales'])
    await expectCode(packageOf(makerOf(bench), orderOf(other), { requester: other, ids: [id] }), 'RECORDING_NOT_FOUND')
  })

  it('is not made of sound that was altered', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 140_000 })
    bench.damage(id, 70_000)
    const requester = await requesterOf(bench, 'compliance-officer')
    await expectCode(packageOf(makerOf(bench), orderOf(requester), { requester, ids: [id] }), 'INTEGRITY_MISMATCH')
  })
})
