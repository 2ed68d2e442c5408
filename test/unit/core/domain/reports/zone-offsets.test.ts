import { expect } from 'chai'
import { describe, it } from 'mocha'
import { dayOfLocalMs, reportTime, zoneOffsets } from '../../../../../core/domain/reports/zone-offsets.ts'

const HOUR_MS = 3_600_000

function told(zone: string, from: string, to: string): readonly (readonly [string, number])[] {
  return zoneOffsets(zone, new Date(from), new Date(to)).map(({ from: at, offsetMs }) => [at.toISOString(), offsetMs / HOUR_MS])
}

describe('what the clocks of a zone show', () => {
  it('is one piece where nothing changes', () => {
    expect(told('UTC', '2026-01-01T00:00Z', '2027-01-01T00:00Z')).to.deep.equal([['2026-01-01T00:00:00.000Z', 0]])
    expect(told('Asia/Kathmandu', '2026-01-01T00:00Z', '2026-01-02T00:00Z')).to.deep.equal([['2026-01-01T00:00:00.000Z', 5.75]])
  })

  it('changes in the minute in which the clocks do', () => {
    expect(told('Europe/Berlin', '2026-01-01T10:00Z', '2027-01-01T00:00Z')).to.deep.equal([
      ['2026-01-01T10:00:00.000Z', 1], ['2026-03-29T01:00:00.000Z', 2], ['2026-10-25T01:00:00.000Z', 1],
    ])
    expect(told('Australia/Lord_Howe', '2026-04-01T00:00Z', '2026-04-10T00:00Z').map(([, hours]) => hours)).to.deep.equal([11, 10.5])
  })

  it('begins a range that begins with the change with the new time', () => {
    expect(told('Europe/Berlin', '2026-03-29T01:00Z', '2026-04-01T00:00Z')).to.deep.equal([['2026-03-29T01:00:00.000Z', 2]])
  })

  it('names a day by its midnight', () => {
    expect(dayOfLocalMs(Date.parse('2026-03-01T00:00Z'))).to.equal('2026-03-01')
  })

  it('begins a day where the clocks there show midnight', () => {
    const told = (text: string, zone: string): string | undefined => reportTime(text, zone)?.toISOString()
    expect(told('2026-03-29', 'Europe/Berlin')).to.equal('2026-03-28T23:00:00.000Z')
    expect(told('2026-03-30', 'Europe/Berlin')).to.equal('2026-03-29T22:00:00.000Z')
    expect(told('2026-10-25', 'Europe/Berlin')).to.equal('2026-10-24T22:00:00.000Z')
    expect(told('2026-10-26', 'Europe/Berlin')).to.equal('2026-10-25T23:00:00.000Z')
    expect(told('2026-03-08', 'America/Los_Angeles')).to.equal('2026-03-08T08:00:00.000Z')
    expect(told('2026-03-01T09:30+01:00', 'America/Los_Angeles')).to.equal('2026-03-01T08:30:00.000Z')
    for (const text of ['2026-3-1', '2026-13-01', '2026-02-30', '2026-03-01T09:30', '0', 'tomorrow', '']) expect(reportTime(text, 'UTC'), text).to.equal(null)
    expect(reportTime('2026-03-01', 'Nowhere/Else')).to.equal(null)
  })

  it('begins a day whose midnight is left out or comes twice with its first instant', () => {
    const told = (text: string, zone: string): string | undefined => reportTime(text, zone)?.toISOString()
    // The clocks go forward at midnight: the day begins at one o'clock.
    expect(told('2026-03-08', 'America/Havana')).to.equal('2026-03-08T05:00:00.000Z')
    expect(told('2026-09-06', 'America/Santiago')).to.equal('2026-09-06T04:00:00.000Z')
    expect(told('2026-03-29', 'Atlantic/Azores')).to.equal('2026-03-29T01:00:00.000Z')
    expect(told('2026-03-29', 'Asia/Beirut')).to.equal('2026-03-28T22:00:00.000Z')
    // They go back at midnight, to the evening of the day before; and at one o'clock, to midnight.
    expect(told('2026-04-05', 'America/Santiago')).to.equal('2026-04-05T04:00:00.000Z')
    expect(told('2026-11-01', 'America/Havana')).to.equal('2026-11-01T04:00:00.000Z')
    expect(told('2016-10-28', 'Asia/Amman')).to.equal('2016-10-27T21:00:00.000Z')
    expect(told('2011-12-30', 'Pacific/Apia')).to.equal(told('2011-12-31', 'Pacific/Apia'))
  })
})
