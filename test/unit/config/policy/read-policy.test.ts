import { expect } from 'chai'
import { createSecretKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { checkPolicyFile, checkPolicyText, type LoadedPolicy, loadPolicy } from '../../../../config/policy/read-policy.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'
import type { Condition } from '../../../../core/domain/rules/condition.ts'
import { samplingKeyId } from '../../../../core/domain/rules/draw.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

const KEY = createSecretKey(Buffer.from('a sampling key that is for tests alone'))

/** The policy of a text, or a failure that tells its problems. */
function read(text: string): LoadedPolicy {
  const result = checkPolicyText(text, { type: 'given', key: KEY })
  if (result.outcome === 'invalid') throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return result
}

/** Every problem as `line:column path: message`. */
function problems(text: string): readonly string[] {
  const result = checkPolicyText(text, { type: 'given', key: KEY })
  return result.outcome === 'valid' ? [] : result.problems.map(({ path, message, position }) => `${position?.line}:${position?.column} ${path}: ${message}`)
}

/** The condition of the only rule, whose `when` is given in YAML's flow style. */
function when(flow: string, head = ''): Condition | undefined {
  return read(`${head}\nattachedData: { keys: { A: {}, N: { type: number }, D: { type: date } } }\nrules: [{ name: r, record: both, when: ${flow} }]`).policy.rules[0]?.when
}

describe('a policy file', () => {
  it('is refused when it says nothing of rules: it may have been cut off, and would take every rule away', () => {
    for (const text of ['', '{}', '# nothing', 'timeZone: UTC', 'attachedData: { keys: { A: {} } }\n']) {
      expect(problems(text).join(), text).to.include('has neither `never` nor `rules`')
    }
  })

  it('says of an empty list that it is one', () => {
    expect(problems('rules: [{ name: a, record: both, when: { any: [] } }]').join()).to.include('rules[0].when.any: an empty list is not allowed')
  })

  it('may have no rules, where it says so', () => {
    for (const text of ['rules: []', 'never: []', '{ never: [], rules: [] }']) {
      const { policy, attached } = read(text)
      expect(policy).to.deep.include({ timeZone: 'UTC', never: [], rules: [] })
      expect([...attached.keys.keys()]).to.include.members(['record', 'GRECORD_PARTITIONS', 'agent'])
    }
  })

  it('tells the first hundred of its faults, and how many more there are', () => {
    const told = problems(`rules: [{ name: a, record: no, labels: [${"'',".repeat(2000)}] }]`)
    expect(told).to.have.lengthOf(101)
    expect(told[0]).to.match(/^1:41 rules\[0\]\.labels\[0\]: /)
    expect(told.at(-1)).to.include('and 1900 more')
  })

  it('fills in what a rule does not say', () => {
    expect(read('rules: [{ name: all, record: both }]').policy.rules[0]).to.deep.equal({
      name: 'all', when: { type: 'all', of: [] }, selection: { percent: 100, atMost: null, atLeast: null }, record: 'both', dialplan: 'obeyed', partitions: [], labels: [],
      terms: { from: 'route', announcement: { type: 'none' }, pause: { type: 'allowed', by: ['agent', 'supervisor', 'integrator'], ways: ['dtmf', 'api', 'dialplan'], maxDurationMs: null, endsWith: [] }, onDemand: [], retention: null, mediaFormat: null },
    })
  })

  it('takes all that a rule can say', () => {
    const [rule] = read(`
rules:
  - name: r
    record: source
    mandatory: true
    from: bridge
    percent: 12.5
    atMost: 5 per agent per week
    atLeast: 1 per queue per day
    partitions: [/sales, /support/gold]
    announcement: { prompt: told }
    pause: { by: [agent], ways: [api], maxDurationMs: 60000, endsWith: [transfer] }
    onDemand: [stop]
    retention: ten-years
    mediaFormat: g711
    labels: [gold]
`).policy.rules
    expect(rule).to.deep.include({ dialplan: 'overruled', partitions: ['/sales', '/support/gold'], labels: ['gold'] })
    expect(rule?.selection).to.deep.equal({ percent: 12.5, atMost: { calls: 5, per: 'agent', period: 'week' }, atLeast: { calls: 1, per: 'queue', period: 'day' } })
    expect(rule?.terms).to.deep.equal({ from: 'bridge', announcement: { type: 'demanded', prompt: 'told' }, pause: { type: 'allowed', by: ['agent'], ways: ['api'], maxDurationMs: 60000, endsWith: ['transfer'] }, onDemand: ['stop'], retention: 'ten-years', mediaFormat: 'g711' })
    expect(read('rules: [{ name: r, record: no, announcement: any, pause: forbidden }]').policy.rules[0]?.terms).to.deep.include({ announcement: { type: 'demanded', prompt: null }, pause: { type: 'forbidden' } })
  })

  const caller = { type: 'caller' } as const
  const CONDITIONS: readonly (readonly [flow: string, expected: Condition])[] = [
    ['{ caller: \'030\' }', { type: 'equals', field: caller, value: '030' }],
    ['{ caller: [a, b] }', { type: 'in', field: caller, values: ['a', 'b'] }],
    ['{ caller: { equals: x } }', { type: 'equals', field: caller, value: 'x' }],
    ['{ caller: { in: [x] } }', { type: 'in', field: caller, values: ['x'] }],
    ['{ caller: { prefix: \'+49\' } }', { type: 'prefix', field: caller, prefixes: ['+49'] }],
    ['{ caller: { glob: [2*, \'30?\'] } }', { type: 'glob', field: caller, patterns: ['2*', '30?'] }],
    ['{ caller: { exists: true } }', { type: 'exists', field: caller }],
    ['{ caller: { exists: false } }', { type: 'not', of: { type: 'exists', field: caller } }],
    ['{ caller: { prefix: a, glob: \'*b\' } }', { type: 'all', of: [{ type: 'prefix', field: caller, prefixes: ['a'] }, { type: 'glob', field: caller, patterns: ['*b'] }] }],
    ['{ attached: { N: { atLeast: 1, atMost: 2.5 } } }', { type: 'number', field: { type: 'attached', key: 'N' }, atLeast: 1, atMost: 2.5 }],
    ['{ attached: { D: { before: 2026-01-01 } } }', { type: 'date', field: { type: 'attached', key: 'D' }, notBefore: null, before: '2026-01-01' }],
    ['{ attached: { A: "cafe\\u0301" } }', { type: 'equals', field: { type: 'attached', key: 'A' }, value: 'caf\u00e9' }],
    ['{ direction: inbound }', { type: 'equals', field: { type: 'direction' }, value: 'inbound' }],
    ['{ direction: [inbound, outbound] }', { type: 'in', field: { type: 'direction' }, values: ['inbound', 'outbound'] }],
    ['{ time: { days: [tue, mon], from: \'08:00\', until: \'18:30\' } }', { type: 'time', zone: 'UTC', days: ['mon', 'tue'], fromMinute: 480, untilMinute: 1110 }],
    ['{ time: [{ days: [sat] }, { from: \'20:00\', until: \'06:00\', zone: Asia/Tokyo, days: [mon] }] }', { type: 'any', of: [{ type: 'time', zone: 'UTC', days: ['sat'], fromMinute: 0, untilMinute: 1440 }, { type: 'time', zone: 'Asia/Tokyo', days: ['mon'], fromMinute: 1200, untilMinute: 360 }] }],
    ['{ not: { queue: a } }', { type: 'not', of: { type: 'equals', field: { type: 'queue' }, value: 'a' } }],
    ['{ any: [{ queue: a }, { all: [{ queue: b }, { agent: c }] }] }', { type: 'any', of: [{ type: 'equals', field: { type: 'queue' }, value: 'a' }, { type: 'all', of: [{ type: 'equals', field: { type: 'queue' }, value: 'b' }, { type: 'equals', field: { type: 'agent' }, value: 'c' }] }] }],
  ]
  for (const [flow, expected] of CONDITIONS) {
    it(`reads the condition ${flow}`, () => {
      expect(when(flow)).to.deep.equal(expected)
    })
  }

  it('takes the clock of the policy where none is named', () => {
    expect(when('{ time: {} }', 'timeZone: Europe/Berlin')).to.deep.include({ zone: 'Europe/Berlin', fromMinute: 0, untilMinute: 1440 })
  })

  it('has one version for one meaning, however it is written', () => {
    const version = (text: string): string => read(text).policy.version
    const first = version('attachedData: { keys: { A: {}, B: {} } }\nrules: [{ name: r, record: both, when: { attached: { A: x, B: y }, caller: \'1\' } }]')
    expect(version(`
# the same
rules:
  - record: both
    when:
      caller: { equals: '1' }
      attached:
        B: y
        A: x
    name: r
    percent: 100
attachedData: { keys: { B: {}, A: {} } }
`)).to.equal(first)
    expect(version('attachedData: { keys: { A: {}, B: {} } }\nrules: [{ name: r, record: both, when: { attached: { A: x, B: z }, caller: \'1\' } }]')).not.to.equal(first)
  })

  it('tells of every fault its place, and what is allowed, all at once', () => {
    expect(problems(`timeZone: Berlin
samplin: {}
attachedData:
  keys:
    TYPE: {}
    AMOUNT: { type: numbr }
    CARD: { store: never }
    agent: { sources: [sip-header] }
    9x: {}
never:
  - { name: doctor, when: {} }
rules:
  - name: doctor
    when:
      attached: { TYP: gold, CARD: { exists: true }, TYPE: { atLeast: 3 }, AMOUNT: { atLest: 3, atMost: '5' } }
      caller: 0301
      callee: [a, 2]
      time: { from: 8:00, days: [monday] }
    record: nothing
  - name: x
    when: { any: [{ not: {} }, { queue: { glob: 7 } }, { extension: {} }] }
    atMost: 5 per agents per week
    atLeast: 5 per agent per week
    record: no
    pause: { by: [boss] }
    announcement: { promt: a }
  - when: 5
    record: both
`).map((problem) => problem.replace(/; allowed: .*/, '; allowed: …'))).to.deep.equal([
      '1:11 timeZone: "Berlin" is not allowed; allowed: …',
      '2:1 samplin: there is no such setting; did you mean `sampling`?',
      '6:21 attachedData.keys.AMOUNT.type: "numbr" is not allowed; allowed: …',
      '8:12 attachedData.keys.agent: decides who may hear a recording, and is never taken from sip-header',
      '9:9 attachedData.keys.9x: is no key: a letter, then up to 63 of A-Z a-z 0-9 _ . -',
      '11:27 never[0].when: is empty, and would mean every call: name at least one condition',
      '13:11 rules[0].name: "doctor" is taken already: each rule has a name of its own',
      '15:24 rules[0].when.attached.TYP: is not let in by `attachedData.keys`, so the rule would never match; did you mean `TYPE`?',
      '15:36 rules[0].when.attached.CARD: is never stored, and no rule can look at it: `masked` keeps that there was a value',
      '15:71 rules[0].when.attached.TYPE.atLeast: compares a number, and `TYPE` is of type text: say `type: number` in `attachedData.keys`',
      '15:86 rules[0].when.attached.AMOUNT.atLest: there is no such setting; did you mean `atLeast`?',
      '15:105 rules[0].when.attached.AMOUNT.atMost: "5" is not allowed; allowed: …',
      '16:15 rules[0].when.caller: 301 is not allowed here: to be read as text it needs quotes, \'0301\'; allowed: …',
      '17:19 rules[0].when.callee[1]: 2 is not allowed here: to be read as text it needs quotes, \'2\'; allowed: …',
      '18:21 rules[0].when.time.from: "8:00" is not allowed; allowed: …',
      '18:34 rules[0].when.time.days[0]: "monday" is not allowed; allowed: …',
      '19:13 rules[0].record: "nothing" is not allowed; allowed: …',
      '21:26 rules[1].when.any[0].not: is empty, and would mean every call: name at least one condition',
      '21:49 rules[1].when.any[1].queue.glob: 7 is not allowed here: to be read as text it needs quotes, \'7\'; allowed: …',
      '21:69 rules[1].when.any[2].extension: is empty: name at least one operator (equals, in, prefix, glob, exists, atLeast, atMost, notBefore, before)',
      '22:13 rules[1].atMost: "5 per agents per week" is not allowed; allowed: …',
      '23:14 rules[1].atLeast: adds nothing to a rule that takes every call: give the rule a `percent`',
      '25:19 rules[1].pause.by[0]: "boss" is not allowed; allowed: …',
      '26:19 rules[1].announcement.prompt: is missing; allowed: …',
      '26:21 rules[1].announcement.promt: there is no such setting; did you mean `prompt`?',
      '27:5 rules[2].name: is missing; allowed: …',
      '27:11 rules[2].when: 5 is not allowed; allowed: …',
    ])
  })

  it('tells what only the rules as a whole show', () => {
    const deep = `${'{ not: '.repeat(20)}{ queue: a }${' }'.repeat(20)}`
    expect(problems(`rules: [{ name: r, record: both, when: ${deep} }]`)).to.deep.equal(['1:40 rules[0].when: its conditions lie more than 16 deep'])
    expect(problems('rules: [{ name: dialplan-request, record: both }]')).to.have.lengthOf(1)
    expect(problems('rules: [{ name: r, record: both, when: { attached: { record: source } } }]'), 'Holdfast\'s own keys are let in').to.deep.equal([])
    expect(problems('rules: [{ name: r, record: both, when: { time: { from: \'08:00\', until: \'08:00\' } } }]')[0]).to.include('rules[0].when.time.until')
    expect(problems('attachedData: { keys: { N: { type: number } } }\nrules: [{ name: r, record: both, when: { attached: { N: { atLeast: 2, atMost: 1 } } } }]')[0]).to.include('2:79 rules[0].when.attached.N.atMost: is less')
    expect(problems('attachedData: { keys: { D: { type: date } } }\nrules: [{ name: r, record: both, when: { attached: { D: { notBefore: 2026-01-02, before: 2026-01-02 } } } }]')).to.have.lengthOf(1)
  })

  it('outlives hostile texts, and is valid with none of them', () => {
    const hostile = [
      '\0', '[', '- a', '5', 'rules: 5', 'rules: [5, null, []]', 'never: [{ name: n }]', 'rules: [{ name: r, record: both, when: { __proto__: { queue: a } } }]',
      'rules: [{ name: r, record: both, when: { attached: { __proto__: x } } }]', 'attachedData: { keys: { __proto__: {} } }',
      `rules: [{ name: r, record: both, when: ${'{ not: '.repeat(500)}{ queue: a }${' }'.repeat(500)} }]`, '['.repeat(100),
      `a: &a [x]\nb: &b [${'*a,'.repeat(99)}]\nc: [${'*b,'.repeat(99)}]`, 'timeZone: "Europe/Berlin\\0"', 'rules: [{ name: "a\\r\\nb", record: both }]', 'sampling: { keyFile: "a\\0b" }',
      'attachedData: { facts: { agent: 5 } }', 'attachedData: { keys: 5, facts: [] }', 'rules: [{ name: r, record: both, when: { attached: 5 } }]',
    ]
    for (const text of hostile) {
      const told = problems(text)
      expect(told.length, text.slice(0, 60)).to.be.above(0)
      expect(told.filter((problem) => !/^\d+:\d+ /.test(problem)), text.slice(0, 60)).to.deep.equal([])
    }
  })

  it('draws with the key of its file, and says what is wrong with that', async () => {
    const folder = await temporaryDirectory()
    const file = (text: string, secret: string | null): string => {
      if (secret !== null) writeFileSync(join(folder, 'sampling.key'), secret)
      writeFileSync(join(folder, 'policy.yaml'), text)
      return join(folder, 'policy.yaml')
    }
    const told = (path: string): readonly string[] => {
      const result = checkPolicyFile(path)
      return result.outcome === 'valid' ? [] : result.problems.map(({ message, position }) => `${position?.line}:${position?.column} ${message}`)
    }
    const named = 'sampling:\n  keyFile: sampling.key\nrules: []\n'
    expect(told(file(named, null))[0]).to.match(/^2:12 .*sampling\.key cannot be read: there is no such file$/)
    expect(told(file(named, 'short'))).to.deep.equal(['2:12 holds less than 32 characters: a key that can be guessed proves nothing'])
    expect(told(file(named, `${'x'.repeat(32)}\nsecond line`))[0]).to.include('does not hold a secret')
    const secret = 'a sampling key that is for tests alone'
    const loaded = loadPolicy(file(named, `${secret}\n`)).policy
    expect(loaded.samplingKeyId).to.equal(samplingKeyId(KEY))
    const without = loadPolicy(file('rules: []', null)).policy
    expect(without.version, 'another key is another policy').not.to.equal(loaded.version)
    expect(told(join(folder, 'missing.yaml'))).to.deep.equal(['1:1 cannot be read: there is no such file'])
    expect(() => loadPolicy(file('rulez: []\ntimeZone: x', null))).to.throw(/2 problems\n {2}line 1, column 1: rulez: .*\n {2}line 2/).that.satisfies((error: unknown) => isHoldfastError(error, 'POLICY_INVALID'))
  })

  it('opens no file for a draft that came with a key', () => {
    const result = checkPolicyText('sampling: { keyFile: /etc/hostname }\nrules: []', { type: 'given', key: KEY })
    expect(result.outcome === 'valid' && result.policy.samplingKeyId).to.equal(samplingKeyId(KEY))
  })
})

describe('SIP headers of a policy file', () => {
  const schemaOf = (attachedData: string): ReturnType<typeof checkPolicyText> => checkPolicyText(`attachedData: ${attachedData}\nrules: []`, { type: 'given', key: createSecretKey(Buffer.from('k'.repeat(32))) })
  const faults = (attachedData: string): readonly string[] => {
    const check = schemaOf(attachedData)
    return check.outcome === 'valid' ? [] : check.problems.map(({ path, message }) => `${path} ${message}`)
  }

  it('fill the keys that they name, which take them by that', () => {
    const check = schemaOf('{ keys: { CLASS: {} }, sipHeaders: { X-Call-Class: CLASS, X-Lang: LANGUAGE } }')
    if (check.outcome === 'invalid') throw new Error(JSON.stringify(check.problems))
    expect([...check.attached.headers]).to.deep.equal([['X-Call-Class', 'CLASS'], ['X-Lang', 'LANGUAGE']])
    for (const key of ['CLASS', 'LANGUAGE']) expect(check.attached.keys.get(key)?.sources, key).to.deep.equal(['dialplan', 'pbx', 'api', 'sip-header'])
  })

  it('never fill what gives access, what is not listed, never stored or closed to them, nor one key twice', () => {
    for (const key of ['record', 'GRECORD_PARTITIONS', 'agent', 'BUSINESS_UNIT']) expect(faults(`{ sipHeaders: { X-A: ${key} } }`).join(), key).to.match(/^attachedData\.sipHeaders\.X-A fills .*a caller must not choose that$/)
    expect(faults('{ sipHeaders: { X-A: OTHER } }').join()).to.include('which is not listed in the keys')
    expect(faults('{ keys: { CARD: { store: never } }, sipHeaders: { X-A: CARD } }').join()).to.include('which is never stored')
    expect(faults('{ keys: { A: { sources: [dialplan] } }, sipHeaders: { X-A: A } }').join()).to.include('whose sources do not have sip-header')
    expect(faults('{ keys: { A: {} }, sipHeaders: { X-A: A, X-B: A } }').join()).to.include('which another header fills already')
    expect(faults('{ keys: { A: {}, B: {} }, sipHeaders: { X-A: A, x-a: B } }').join()).to.include('is named twice')
    expect(faults('{ keys: { A: {} }, sipHeaders: { "X A": A } }')).not.to.deep.equal([])
    expect(faults('{ sipHeaders: [X-A] }')).not.to.deep.equal([])
  })

  it('are as many as a call can be asked for', () => {
    const many = (count: number): string => `{ keys: { ${Array.from({ length: count }, (_, index) => `K${index}: {}`).join(', ')} }, sipHeaders: { ${Array.from({ length: count }, (_, index) => `X-${index}: K${index}`).join(', ')} } }`
    expect(faults(many(32))).to.deep.equal([])
    expect(faults(many(33)).join()).to.include('at most 32')
  })
})
