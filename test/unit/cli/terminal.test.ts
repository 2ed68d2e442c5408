import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { describe, it } from 'mocha'
import { run } from '../../../cli/program.ts'
import { prettyLine } from '../../../cli/runtime/pretty-line.ts'
import { printable, terminalOn } from '../../../cli/terminal.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

/** Colours by CSI and by ESC [, a bell, text turned round, a line end that is none. */
const COMMANDS = '\u009b31m\u001b[31m\u0007\u202e\u2066\u2028\u0000\u007f'

describe('what is printed', () => {
  it('tells the terminal nothing but its letters', () => {
    expect(printable(`caller ${COMMANDS}.`)).to.equal('caller \\u009b31m\\u001b[31m\\u0007\\u202e\\u2066\\u2028\\u0000\\u007f.')
    const harmless = 'Zoë  –\tمریم\u200cها 👩‍🚒\nsecond line'
    expect(printable(harmless)).to.equal(harmless)
  })

  it('is as JSON what it was', () => {
    const value = { name: COMMANDS, list: ['\n', '\\u009b'] }
    expect(JSON.parse(printable(JSON.stringify(value, null, 2)))).to.deep.equal(value)
  })

  it('is guarded in every command, where a caller wrote the data or an administrator the rules', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'policy.yaml'), 'attachedData: { keys: { NOTE: {} } }\nrules: [{ name: "a\\u202eb", record: no, when: { attached: { NOTE: { prefix: "\\u009b" } } } }]')
    const config = join(directory, 'holdfast.yaml')
    await writeFile(config, `dataDirectory: data\npolicyFile: policy.yaml\npbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]`)
    const printed: string[] = []
    const terminal = { out: (text: string) => void printed.push(text), err: (text: string) => void printed.push(text) }
    await run(['policy', 'explain', '--config', config, '--data', `NOTE=${COMMANDS}`], { terminal })
    await run(['policy', 'explain', '--config', config, '--data', `NOTE=${COMMANDS}`, '--json'], { terminal })
    await run([`policy${COMMANDS}`], { terminal })
    const all = printed.join('\n')
    expect(all).to.include('\\u009b31m').and.include('a\\u202eb')
    expect(all.replace(/[\t\n]/g, '')).not.to.match(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u)
  })

  it('ends no command when its reader has seen enough and goes', async () => {
    const command = spawn(process.execPath, [new URL('../../../cli/main.ts', import.meta.url).pathname, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    const said: string[] = []
    command.stderr.on('data', (piece) => void said.push(String(piece)))
    command.stdout.destroy()
    const [code]: readonly unknown[] = await once(command, 'close')
    expect(said.join('')).to.equal('')
    expect(code).to.equal(0)
  })

  it('that cannot be written for another reason is told with its code', async () => {
    const lost: string[] = []
    const full = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write'), { code: 'ENOSPC' })) })
    terminalOn({ stdout: full, stderr: new PassThrough(), lost: (code) => void lost.push(code) }).out('a receipt')
    await new Promise((resolve) => full.on('close', resolve))
    expect(lost).to.deep.equal(['ENOSPC'])
  })

  it('is guarded in log lines for people', () => {
    expect(prettyLine(JSON.stringify({ time: '2026-11-22T09:05:00.000Z', level: 'info', event: 'said', who: COMMANDS }))).to.include('\\u009b31m').and.not.include('\u009b')
  })
})
