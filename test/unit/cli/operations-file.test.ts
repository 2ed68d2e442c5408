import { expect } from 'chai'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { readOperations } from '../../../cli/operations-file.ts'
import { isHoldfastError } from '../../../core/domain/errors.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

const DOCUMENT = '{ viewer { label } }'
/** `printf %s '{ viewer { label } }' | sha256sum` */
const DIGEST = '4c1eea59d212fb2b69da6de5dc4c5ee1435f2bd2669e9eb7262b767a616460fe'

describe('the file of operations', () => {
  it('holds each document under its digest, and is refused with what is wrong', async () => {
    const file = join(await temporaryDirectory(), 'operations.json')
    const read = async (text: string): Promise<string> => {
      await writeFile(file, text)
      try {
        return [...await readOperations(file)].flat().join(' ')
      } catch (error) {
        if (isHoldfastError(error, 'CONFIG_INVALID')) return error.message
        throw error
      }
    }
    expect(await read(JSON.stringify({ [DIGEST]: DOCUMENT }))).to.equal(`${DIGEST} ${DOCUMENT}`)
    expect(await read('{}')).to.equal('')
    for (const text of ['', '[]', 'null', '{"a"']) expect(await read(text), text).to.include('no JSON object')
    expect(await read(JSON.stringify({ [DIGEST]: `${DOCUMENT}\n` }))).to.include('is not the SHA-256 of its document')
    expect(await read(JSON.stringify({ [DIGEST]: 7 }))).to.include('is no text')
  })
})
