import { expect } from 'chai'
import { parse } from 'graphql'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { DEFAULT_HTTP_OPTIONS } from '../../../graphql/http-options.ts'
import { checkTokens, checkWeight } from '../../../graphql/query-limits.ts'
import { createHoldfastSchema } from '../../../graphql/schema.ts'

const schema = createHoldfastSchema()
const { limits } = DEFAULT_HTTP_OPTIONS

function weigh(query: string, variables: Record<string, unknown> = {}): string {
  try {
    checkTokens(query, limits)
    checkWeight(parse(query), { schema, variables, limits })
    return 'good'
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'QUERY_TOO_COSTLY') return error.message
    throw error
  }
}

function nested(depth: number): string {
  return `{ recordings(first: 1) { nodes { ${'interaction { recordings { '.repeat(depth)} id ${'} }'.repeat(depth)} } } }`
}

describe('the limits of a query', () => {
  it('let a page of whole recordings through', () => {
    expect(weigh('{ recordings(first: 200) { totalCount { count } nodes { id state caller { number name } callee { number name } attachedData { key value } pauses { askedAt } parties { side fromAt toAt } media { durationMs waveform { channels } } interaction { id } } } }')).to.equal('good')
    expect(weigh('{ recordings(first: 50) { nodes { id interaction { recordings { id state } } } } }')).to.equal('good')
  })

  it('weigh work that no field of the answer shows: one trial, or two checks of a draft', () => {
    const checks = (count: number): string => weigh(`{ ${Array.from({ length: count }, (_, index) => `c${index}: policyCheck(text: "rules: []") { version problems { line message } }`).join(' ')} }`)
    const trials = (count: number): string => weigh(`{ ${Array.from({ length: count }, (_, index) => `t${index}: policyBacktest(text: "rules: []") { report { calls rules { rule before after } examples { before after } } problems { message } }`).join(' ')} }`)
    expect([checks(2), trials(1)]).to.deep.equal(['good', 'good'])
    for (const refused of [checks(3), trials(2)]) expect(refused).to.include('too many fields at once')
    expect(weigh(`fragment c on Query { policyCheck(text: "") { version } } query { a: __typename ...c ...c ...c }`)).to.include('too many fields at once')
  })

  it('let the question for the schema through', () => {
    expect(weigh(`{ __schema { types { fields { ${'type { ofType { '.repeat(8)} name ${'} }'.repeat(8)} } } } }`)).to.equal('good')
  })

  it('refuse what is too deep, also behind fragments', () => {
    expect(weigh(nested(1))).to.equal('good')
    expect(weigh(`{ __schema { types { fields { ${'type { ofType { '.repeat(8)} name ${'} }'.repeat(8)} } } } }`)).to.equal('good')
    expect(weigh(nested(6))).to.include('too deep')
    const chain = Array.from({ length: 12 }, (_, index) => `fragment f${index} on Recording { interaction { recordings { ...f${index + 1} } } }`).join('\n')
    expect(weigh(`{ recording(id: "1") { ...f0 } } ${chain} fragment f12 on Recording { id }`)).to.include('too deep')
  })

  it('refuse to go from recordings to their interaction and back, over and over: each turn is two hundred times the work', () => {
    expect(weigh('{ interaction(id: "x") { recordings { interaction { recordings { interaction { recordings { id } } } } } } }')).to.not.equal('good')
    expect(weigh('{ a: interaction(id: "x") { recordings { interaction { recordings { id } } } } b: interaction(id: "x") { recordings { interaction { recordings { id } } } } }')).to.not.equal('good')
  })

  it('weigh what a variable is when it is not given', () => {
    const page = 'recordings(first: $n) { nodes { interaction { recordings { id state } } } }'
    expect(weigh(`query($n: Int = 10) { ${page} }`)).to.equal('good')
    expect(weigh(`query($n: Int = 200) { ${page} }`)).to.not.equal('good')
  })

  it('refuse one field under many names', () => {
    const many = (count: number): string => `{ ${Array.from({ length: count }, (_, index) => `a${index}: viewer { label }`).join(' ')} }`
    expect(weigh(many(limits.maxAliases))).to.equal('good')
    expect(weigh(many(limits.maxAliases + 1))).to.include('aliases')
    expect(weigh(`{ viewer { ${Array.from({ length: limits.maxAliases + 1 }, (_, index) => `a${index}: label`).join(' ')} } }`)).to.include('aliases')
  })

  it('refuse too many words before they are read', () => {
    expect(weigh(`{ ${'viewer { label } '.repeat(1000)} }`)).to.include('tokens')
  })

  it('refuse pages within pages, whether their size is written, a default or a variable', () => {
    const inner = 'nodes { interaction { recordings { id state side origin direction } } }'
    expect(weigh(`{ recordings(first: 200) { ${inner} } }`)).to.include('fields')
    expect(weigh(`query ($n: Int!) { recordings(first: $n) { ${inner} } }`, { n: 200 })).to.include('fields')
    expect(weigh(`query ($n: Int!) { recordings(first: $n) { ${inner} } }`, { n: 2 })).to.equal('good')
  })

  it('count the points of waveforms', () => {
    const page = (points: number): string => `{ recordings(first: 200) { nodes { a: media { waveform(maxPoints: ${points}) { channels } } b: media { waveform(maxPoints: ${points}) { channels } } c: media { waveform(maxPoints: ${points}) { channels } } d: media { waveform(maxPoints: ${points}) { channels } } } } }`
    expect(weigh(page(100))).to.equal('good')
    expect(weigh(page(4000))).to.include('fields')
  })

  it('weigh each fragment of fragments once (2^60 would not end), and leave circles to validation', () => {
    const doubling = Array.from({ length: 60 }, (_, index) => `fragment f${index} on Recording { ...f${index + 1} ... on Recording { ...f${index + 1} } }`).join('\n')
    expect(weigh(`{ recording(id: "1") { ...f0 } } ${doubling} fragment f60 on Recording { id }`)).to.be.a('string')
    expect(weigh('{ recording(id: "1") { ...f } } fragment f on Recording { interaction { recordings { ...f } } }')).to.equal('good')
  })

  it('have nothing to say of fields and fragments that do not exist: validation does', () => {
    expect(weigh('{ nothing { of { the { kind } } } ...missing }')).to.equal('good')
  })
})
