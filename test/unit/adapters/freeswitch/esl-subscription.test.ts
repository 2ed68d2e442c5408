import { expect } from 'chai'
import { describe, it } from 'mocha'
import { subscriptionLines } from '../../../../adapters/freeswitch/esl-subscription.ts'
import { SUBSCRIPTION } from '../../../../adapters/freeswitch/event-reader.ts'
import { EventFilters } from '../../../support/simulated/event-filters.ts'
import { freeSwitchCast, freeSwitchScene } from '../../../support/simulated/freeswitch-scenes.ts'

describe('what FreeSWITCH is asked to tell', () => {
  it('lets everything pass but commands before it keeps anything back', () => {
    const [first, ...rest] = subscriptionLines({ events: ['CHANNEL_CREATE'], commands: ['uuid_setvar'], subclasses: ['holdfast::record'], unheard: { Application: ['sleep'], 'Application-Data': ['a=b c'] } })
    expect(first).to.equal('filter Event-Name /^(?!API$)/')
    expect(rest).to.deep.equal(['filter API-Command uuid_setvar', 'filter Application -sleep', 'filter Application-Data -a=b c', 'event json CHANNEL_CREATE API CUSTOM holdfast::record'])
  })

  it('leaves of a real call every event but those behind applications that say nothing new', () => {
    const filters = new EventFilters()
    for (const line of subscriptionLines(SUBSCRIPTION)) if (line.startsWith('filter ')) filters.add(line.slice('filter '.length))
    const cast = freeSwitchCast()
    const messages = [...freeSwitchScene('plain-answered').stages.values()].flat().map((message) => cast.fill(message))
    const told = messages.filter((message) => filters.lets(message)).map((message) => JSON.parse(message) as Readonly<Record<string, string>>)
    const behind = told.flatMap((headers) => (headers['Event-Name'] === 'CHANNEL_EXECUTE_COMPLETE' ? [headers['Application-Data']?.replace(/[=:].*$/s, '')] : []))
    expect(behind).to.deep.equal(['record', 'holdfast_request', 'nolocal', 'sofia/internal/sip'])
    const others = messages.filter((message) => !message.includes('"Event-Name":"CHANNEL_EXECUTE_COMPLETE"'))
    expect(told.length).to.equal(others.length + behind.length)
  })

  it('hears of commands only those that say something of a leg', () => {
    const filters = new EventFilters()
    for (const line of subscriptionLines(SUBSCRIPTION)) if (line.startsWith('filter ')) filters.add(line.slice('filter '.length))
    const heard = ['uuid_setvar', 'uuid_setvar_multi', 'uuid_transfer', 'uuid_getvar', 'strepoch', 'uuid_record'].filter((command) => filters.lets(JSON.stringify({ 'Event-Name': 'API', 'API-Command': command })))
    expect(heard).to.deep.equal(['uuid_setvar', 'uuid_setvar_multi', 'uuid_transfer'])
  })
})
