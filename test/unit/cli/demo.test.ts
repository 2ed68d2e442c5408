import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'mocha'

describe('the demonstration', () => {
  it('says what it does not understand, and where to read on, with the status of a wrong command line', async () => {
    const demo = spawn(process.execPath, [new URL('../../../cli/demo.ts', import.meta.url).pathname, '--exitt'], { stdio: ['ignore', 'ignore', 'pipe'] })
    const said: string[] = []
    demo.stderr.on('data', (piece) => void said.push(String(piece)))
    const [status]: readonly unknown[] = await once(demo, 'close')
    expect(status).to.equal(2)
    expect(said.join('')).to.include('(Did you mean --exit?)').and.include('Add --help for what is possible.')
  })
})
