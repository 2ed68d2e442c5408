import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createLog } from '../../../../cli/runtime/pino-log.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'

function logged({ pretty = false, level = 'debug' }: { readonly pretty?: boolean; readonly level?: 'debug' | 'warn' } = {}): { readonly log: ReturnType<typeof createLog>; readonly lines: string[] } {
  const lines: string[] = []
  return { log: createLog({ level, pretty, node: 'node-1' }, { write: (line) => void lines.push(line) }), lines }
}

describe('the log', () => {
  it('writes an event and its fields as one JSON line', () => {
    const { log, lines } = logged()
    log.info({ recordingId: '17', pbxId: 'main' }, 'recording started')
    expect(lines).to.have.length(1)
    expect(JSON.parse(lines[0] ?? '')).to.include({ level: 'info', node: 'node-1', event: 'recording started', recordingId: '17', pbxId: 'main' })
  })

  it('leaves out what is below its level', () => {
    const { log, lines } = logged({ level: 'warn' })
    log.info({}, 'quiet')
    log.warn({}, 'loud')
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).to.deep.equal(['loud'])
  })

  it('hides secrets by name, at any depth, and by their look', () => {
    const { log, lines } = logged()
    log.error({ ami: { host: 'pbx', secret: 'hunter2' }, token: 'hf_abc', list: [{ Password: 'hunter3' }], note: 'identity AGE-SECRET-KEY-1QQQ read', url: 'http://user:hunter4@pbx/' }, 'AGE-SECRET-KEY-1ZZZ')
    expect(lines.join('')).not.to.match(/hunter|hf_abc|1QQQ|1ZZZ/)
    expect(lines.join('')).to.include('"host":"pbx"')
  })

  it('tells code, details, stack and cause of an error', () => {
    const { log, lines } = logged()
    log.error({ error: new HoldfastError('PBX_TIMEOUT', 'no reply', { pbxId: 'main' }, { cause: new Error('socket closed') }) }, 'action failed')
    const { error } = JSON.parse(lines[0] ?? '') as { error: { code: string; details: object; stack: string; cause: { message: string } } }
    expect(error.code).to.equal('PBX_TIMEOUT')
    expect(error.details).to.deep.equal({ pbxId: 'main' })
    expect(error.stack).to.include('pino-log.test.ts')
    expect(error.cause.message).to.equal('socket closed')
  })

  it('cuts a stranger\'s long value and keeps control characters escaped', () => {
    for (const pretty of [false, true]) {
      const { log, lines } = logged({ pretty })
      log.warn({ value: `a\r\nINFO forged ${'x'.repeat(5000)}` }, 'odd\nvalue')
      expect(lines[0]?.length).to.be.below(2500)
      expect(lines[0]?.trimEnd().split(/[\r\n]/)).to.have.length(1)
    }
  })

  it('survives fields that refer to themselves or are deep', () => {
    const { log, lines } = logged()
    const loop: Record<string, unknown> = { name: 'loop' }
    loop['self'] = loop
    log.info({ loop }, 'looped')
    expect(lines[0]).to.include('[deeper]')
  })

  it('writes lines for people when asked to', () => {
    const { log, lines } = logged({ pretty: true })
    log.info({ recordingId: '17', reason: 'agent left' }, 'recording ended')
    expect(lines[0]).to.match(/^\d\d:\d\d:\d\d\.\d{3} info  recording ended recordingId=17 reason="agent left"\n$/)
  })

  it('spares people the stack of a warning that we foresaw, and of nothing else', () => {
    const { log, lines } = logged({ pretty: true })
    log.warn({ error: new HoldfastError('ENCODER_MISSING', 'ffmpeg is not installed here') }, 'export failed')
    log.warn({ error: new TypeError('x is not a function') }, 'export failed')
    log.error({ error: new HoldfastError('STORE_FAILED', 'the disk is full') }, 'store failed')
    expect(lines.map((line) => line.split('\n').length > 2)).to.deep.equal([false, true, true])
    expect(lines[0]).to.include('error="ffmpeg is not installed here"')
  })
})
