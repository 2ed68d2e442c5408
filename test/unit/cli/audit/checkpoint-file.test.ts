import { expect } from 'chai'
import { describe, it } from 'mocha'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCheckpoints } from '../../../../cli/audit/checkpoint-file.ts'
import { Ed25519CheckpointSigner, newCheckpointKey } from '../../../../core/crypto/checkpoint-signer.ts'
import { checkpointLine } from '../../../../core/domain/audit/checkpoint.ts'
import { parseNodeName } from '../../../../core/domain/ids.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { expectCode } from '../../../support/rejection.ts'
import { chained, checkpointAt } from '../../core/domain/audit/chain-samples.ts'

const NODE = parseNodeName('node-1')
const signer = new Ed25519CheckpointSigner(NODE, newCheckpointKey())
const stranger = new Ed25519CheckpointSigner(NODE, newCheckpointKey())
const line = (sequence: number, by = signer): string => checkpointLine(by.sign(checkpointAt(chained(9), sequence)))

describe('a file of checkpoints that is verified', () => {
  it('gives those that are signed, also behind what a syslog server puts before them', async () => {
    const file = join(await temporaryDirectory(), 'log')
    await writeFile(file, `${line(3)}\nMar  1 09:00:00 host sshd[1]: something else {"a":1}\nMar  1 09:00:01 host holdfast 12 audit-checkpoint - ${line(5)}\n\n`)
    const { good, bad } = await readCheckpoints(file, [signer.publicKey])
    expect(good.map(({ sequence }) => sequence)).to.deep.equal([3, 5])
    expect(bad).to.deep.equal([])
  })

  it('tells the lines of those that are not, or are only half there', async () => {
    const file = join(await temporaryDirectory(), 'log')
    const altered = line(7).replace('\\n7\\n', '\\n8\\n')
    await writeFile(file, [line(3), line(4, stranger), altered, line(6).slice(0, -9)].join('\n'))
    const { good, bad } = await readCheckpoints(file, [signer.publicKey])
    expect(good.map(({ sequence }) => sequence)).to.deep.equal([3])
    expect(bad.map((fault) => fault.line)).to.deep.equal([2, 3, 4])
    expect(bad[0]?.why).to.include(`${stranger.publicKey.name}+${stranger.publicKey.id}`)
  })

  it('is told when it is not there', async () => {
    await expectCode(readCheckpoints(join(await temporaryDirectory(), 'none'), []), 'CONFIG_INVALID')
  })
})
