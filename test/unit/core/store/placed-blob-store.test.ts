import { expect } from 'chai'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { placedName, storeOfName } from '../../../../core/domain/blob-place.ts'
import { DirectoryBlobStore } from '../../../../core/store/directory-blob-store.ts'
import { PlacedBlobStore } from '../../../../core/store/placed-blob-store.ts'
import { blobStoreContract } from '../../../contract/blob-store.contract.ts'
import { expectCode } from '../../../support/rejection.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text))
}

async function opened() {
  const folder = await temporaryDirectory()
  const [own, munich] = [new DirectoryBlobStore(join(folder, 'own')), new DirectoryBlobStore(join(folder, 'munich'))]
  return { own, munich, placed: new PlacedBlobStore(own, new Map([['munich', munich]])) }
}

blobStoreContract('PlacedBlobStore', async () => (await opened()).placed)

describe('stores by name', () => {
  it('keep a blob where its name says, and find it there', async () => {
    const { own, munich, placed } = await opened()
    const [here, there] = ['12.1.payload', placedName('munich', '12.1.payload')]
    await placed.put(here, bytesOf('own'))
    await placed.put(there, bytesOf('munich'))
    expect([(await placed.open(here))?.sizeBytes, (await placed.open(there))?.sizeBytes]).to.deep.equal([3, 6])
    expect([await own.open(there), await munich.open(here)]).to.deep.equal([null, null])
    await placed.remove(there)
    expect([await placed.open(there), (await placed.open(here))?.sizeBytes]).to.deep.equal([null, 3])
  })

  it('that the settings name no more are a fault, and not an empty place', async () => {
    const { placed } = await opened()
    await expectCode(placed.open('berlin.12.1.payload'), 'STORE_FAILED')
    await expectCode((async () => await placed.put('berlin.12.1.payload', bytesOf('lost')))(), 'STORE_FAILED')
  })

  it('are told from recordings by their first letter', () => {
    expect(['12.1.payload', 'munich.12.1.payload', 'a1.12.1.header', 'x.payload'].map(storeOfName)).to.deep.equal([null, 'munich', 'a1', null])
    expect(placedName(null, '12.1.payload')).to.equal('12.1.payload')
  })
})
