import { expect } from 'chai'
import { describe, it } from 'mocha'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { wavSource } from '../../../../adapters/phone/recorded-source.ts'
import { formatWav } from '../../../../adapters/phone/wav-file.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

describe('wavSource', () => {
  it('plays the first channel at the rate of the telephone', async () => {
    const file = path.join(await temporaryDirectory(), 'a.wav')
    await writeFile(file, formatWav({ sampleRateHz: 16_000, channels: [new Int16Array(3200).fill(1000), new Int16Array(3200).fill(9)] }))
    const source = await wavSource(file)
    expect(source.lengthSamples).to.equal(1600)
    for (const sample of source.read(200, 1000)) expect(sample).to.be.closeTo(1000, 5)
  })
})
