import { expect } from 'chai'
import { describe, it } from 'mocha'
import { dayLabel, isTimeZone, localTime, monthLabel, WEEKDAYS, weekLabel } from '../../../../../core/domain/rules/local-time.ts'

const berlin = (iso: string): ReturnType<typeof localTime> => localTime(new Date(iso), 'Europe/Berlin')

describe('local time', () => {
  it('is what calendar and clock show there', () => {
    expect(berlin('2026-11-22T23:30:00Z')).to.deep.equal({ year: 2026, month: 11, day: 23, weekday: 'mon', minuteOfDay: 30 })
    expect(localTime(new Date('2026-11-22T23:30:00Z'), 'America/St_Johns')).to.deep.equal({ year: 2026, month: 11, day: 22, weekday: 'sun', minuteOfDay: 20 * 60 })
    expect(localTime(new Date('1969-12-31T23:00:00Z'), 'UTC').weekday).to.equal('wed')
  })

  it('shows midnight as the beginning of a day', () => {
    expect(berlin('2026-11-22T23:00:00Z').minuteOfDay).to.equal(0)
  })

  it('goes through the week', () => {
    expect(WEEKDAYS.map((_, index) => berlin(`2026-11-${16 + index}T12:00:00Z`).weekday)).to.deep.equal(WEEKDAYS)
  })

  it('knows the zones of the IANA data base, and nothing else', () => {
    for (const zone of ['Europe/Berlin', 'UTC', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires']) expect(isTimeZone(zone), zone).to.equal(true)
    for (const zone of ['', '+02:00', 'Europe/Nowhere', 'local', 'Europe/Berlin\0', '../etc/localtime']) expect(isTimeZone(zone), zone).to.equal(false)
  })

  it('names days, months and the weeks of ISO 8601', () => {
    const labels = (iso: string): readonly string[] => [dayLabel, weekLabel, monthLabel].map((label) => label(localTime(new Date(iso), 'UTC')))
    expect(labels('2026-11-22T12:00:00Z')).to.deep.equal(['2026-11-22', '2026-W47', '2026-11'])
    for (const [iso, week] of [['2026-11-23', '2026-W48'], ['2027-01-01', '2026-W53'], ['2027-01-04', '2027-W01'], ['2024-12-30', '2025-W01'], ['2023-01-01', '2022-W52'], ['2020-12-31', '2020-W53']] as const) {
      expect(weekLabel(localTime(new Date(`${iso}T12:00:00Z`), 'UTC')), iso).to.equal(week)
    }
  })
})
