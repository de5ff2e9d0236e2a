import { describe, expect, it } from 'vitest'
import { expandEvents } from '../../../src/domain/meetings/expand.ts'
import { isoInstant } from '../../../src/domain/time/calendar-date.ts'
import { calendarText, read, zoneLines } from './calendar-text.ts'

/**
 * The recurrence corpus: 44 cases that RFC 5545 decides and five, marked ≈, where it contradicts itself and we say what
 * calendar users see. `W` is Europe/Warsaw, `N` America/New_York; `‖` separates events of one UID; `file` means that
 * the calendar carries the VTIMEZONE, `name` that the zone's name is all there is. Expected are UTC starts, or dates
 * for all-day events, or start/end; the year is 2026 where none is written.
 */
const corpus: readonly (readonly [string, string, 'file' | 'name', string, string])[] = [
  [
    'dst-spring',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'dst-fall-NY',
    'DTSTART;N:20261030T090000 ; RRULE:FREQ=DAILY;COUNT=4',
    'file',
    '2026-01-01..2027-01-01',
    '10-30T13:00Z, 10-31T13:00Z, 11-01T14:00Z, 11-02T14:00Z',
  ],
  [
    'exdate-tzid',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ; EXDATE;W:20260323T100000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'exdate-utc',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ; EXDATE:20260330T080000Z',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 04-06T08:00Z',
  ],
  [
    'exdate-list',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ; EXDATE;W:20260323T100000,20260330T100000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 04-06T08:00Z',
  ],
  [
    'rdate+dup',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=2 ; RDATE;W:20260318T150000,20260323T100000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-18T14:00Z, 03-23T09:00Z',
  ],
  [
    'rdate-only',
    'DTSTART;W:20260316T100000 ; RDATE;W:20260318T150000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-18T14:00Z',
  ],
  [
    'rdate-period',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=2 ; RDATE;VALUE=PERIOD:20260318T140000Z/PT2H',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-18T14:00Z, 03-23T09:00Z',
  ],
  [
    'override-move',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ‖ RECURRENCE-ID;W:20260323T100000 ; DTSTART;W:20260325T140000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-25T13:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'override-into-window',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ‖ RECURRENCE-ID;W:20260323T100000 ; DTSTART;W:20260325T140000',
    'file',
    '2026-03-24..2026-03-29',
    '03-25T13:00Z',
  ],
  [
    'override-out-of-window',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ‖ RECURRENCE-ID;W:20260323T100000 ; DTSTART;W:20260325T140000',
    'file',
    '2026-03-22..2026-03-24',
    '',
  ],
  [
    'override-before-master',
    'RECURRENCE-ID;W:20260323T100000 ; DTSTART;W:20260325T140000 ‖ DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-25T13:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'recurrence-id-utc',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ‖ RECURRENCE-ID:20260323T090000Z ; DTSTART;W:20260325T140000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-25T13:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'override-cancelled',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ‖ RECURRENCE-ID;W:20260323T100000 ; DTSTART;W:20260323T100000 ; STATUS:CANCELLED',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'override-of-rdate',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=2 ; RDATE;W:20260318T150000 ‖ RECURRENCE-ID;W:20260318T150000 ; DTSTART;W:20260319T150000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-19T14:00Z, 03-23T09:00Z',
  ],
  [
    'two-moved-to-same-slot',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ‖ RECURRENCE-ID;W:20260323T100000 ; DTSTART;W:20260401T100000 ‖ RECURRENCE-ID;W:20260330T100000 ; DTSTART;W:20260401T100000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 04-01T08:00Z, 04-01T08:00Z, 04-06T08:00Z',
  ],
  [
    'thisandfuture',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ‖ RECURRENCE-ID;RANGE=THISANDFUTURE;W:20260330T100000 ; DTSTART;W:20260330T110000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 03-30T09:00Z, 04-06T09:00Z',
  ],
  [
    'orphan-override',
    'RECURRENCE-ID;W:20260323T100000 ; DTSTART;W:20260325T140000',
    'file',
    '2026-01-01..2027-01-01',
    '03-25T13:00Z',
  ],
  [
    'bysetpos-last-workday',
    'DTSTART;W:20260130T160000 ; RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4',
    'file',
    '2026-01-01..2027-01-01',
    '01-30T15:00Z, 02-27T15:00Z, 03-31T14:00Z, 04-30T14:00Z',
  ],
  [
    'bysetpos-rfc',
    'DTSTART;N:19970904T090000 ; RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3',
    'file',
    '1997-01-01..2000-01-01',
    '1997-09-04T13:00Z, 1997-10-07T13:00Z, 1997-11-06T14:00Z',
  ],
  [
    'monthday-31',
    'DTSTART:20260131T090000Z ; RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3',
    'file',
    '2026-01-01..2027-01-01',
    '01-31T09:00Z, 03-31T09:00Z, 05-31T09:00Z',
  ],
  [
    'implicit-31',
    'DTSTART:20260131T090000Z ; RRULE:FREQ=MONTHLY;COUNT=3',
    'file',
    '2026-01-01..2027-01-01',
    '01-31T09:00Z, 03-31T09:00Z, 05-31T09:00Z',
  ],
  [
    'feb29-yearly',
    'DTSTART;VALUE=DATE:20240229 ; RRULE:FREQ=YEARLY;COUNT=3',
    'file',
    '2024-01-01..2040-01-01',
    '2024-02-29, 2028-02-29, 2032-02-29',
  ],
  [
    'wkst-mo',
    'DTSTART;N:19970805T090000 ; RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
    'file',
    '1997-01-01..2000-01-01',
    '1997-08-05T13:00Z, 1997-08-10T13:00Z, 1997-08-19T13:00Z, 1997-08-24T13:00Z',
  ],
  [
    'wkst-su',
    'DTSTART;N:19970805T090000 ; RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
    'file',
    '1997-01-01..2000-01-01',
    '1997-08-05T13:00Z, 1997-08-17T13:00Z, 1997-08-19T13:00Z, 1997-08-31T13:00Z',
  ],
  [
    'allday-multiday-ongoing',
    'DTSTART;VALUE=DATE:20260320 ; DTEND;VALUE=DATE:20260323 ; RRULE:FREQ=WEEKLY;COUNT=3',
    'file',
    '2026-03-22..2026-03-28',
    '03-20, 03-27',
  ],
  [
    'allday-exdate-override',
    'DTSTART;VALUE=DATE:20260316 ; RRULE:FREQ=WEEKLY;COUNT=4 ; EXDATE;VALUE=DATE:20260323 ‖ RECURRENCE-ID;VALUE=DATE:20260330 ; DTSTART;VALUE=DATE:20260331',
    'file',
    '2026-01-01..2027-01-01',
    '03-16, 03-31, 04-06',
  ],
  [
    'allday-until',
    'DTSTART;VALUE=DATE:20260328 ; RRULE:FREQ=DAILY;UNTIL=20260330',
    'file',
    '2026-01-01..2027-01-01',
    '03-28, 03-29, 03-30',
  ],
  [
    'until-inclusive-utc',
    'DTSTART;W:20260327T100000 ; RRULE:FREQ=DAILY;UNTIL=20260330T080000Z',
    'file',
    '2026-01-01..2027-01-01',
    '03-27T09:00Z, 03-28T09:00Z, 03-29T08:00Z, 03-30T08:00Z',
  ],
  [
    'win-tzid+vtimezone',
    'DTSTART;TZID=W. Europe Standard Time:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'win-tzid-no-vtimezone',
    'DTSTART;TZID=W. Europe Standard Time:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4',
    'name',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'quoted-tzid+vtimezone',
    'DTSTART;TZID="(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb":20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'custom-vtimezone',
    'DTSTART;TZID=Customized Time Zone:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=2',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T06:30Z, 03-23T06:30Z',
  ],
  [
    'iana-no-vtimezone',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4',
    'name',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'prefixed-tzid',
    'DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Warsaw:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4',
    'name',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'floating(zone=Warsaw)',
    'DTSTART:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-23T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    'dst-overlap',
    'DTSTART;W:20261024T023000 ; RRULE:FREQ=DAILY;COUNT=3',
    'file',
    '2026-01-01..2027-01-01',
    '10-24T00:30Z, 10-25T00:30Z, 10-26T01:30Z',
  ],
  [
    'count-with-exdate',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=DAILY;COUNT=3 ; EXDATE;W:20260317T100000',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-18T09:00Z',
  ],
  [
    'byhour-multi',
    'DTSTART;W:20260328T090000 ; RRULE:FREQ=DAILY;BYHOUR=9,14;COUNT=4',
    'file',
    '2026-01-01..2027-01-01',
    '03-28T08:00Z, 03-28T13:00Z, 03-29T07:00Z, 03-29T12:00Z',
  ],
  [
    'byweekno',
    'DTSTART;N:19970512T090000 ; RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3',
    'file',
    '1997-01-01..2000-01-01',
    '1997-05-12T13:00Z, 1998-05-11T13:00Z, 1999-05-17T13:00Z',
  ],
  [
    'us-election-day',
    'DTSTART;N:19961105T090000 ; RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3',
    'file',
    '1996-01-01..2006-01-01',
    '1996-11-05T14:00Z, 2000-11-07T14:00Z, 2004-11-02T14:00Z',
  ],
  [
    'friday-13',
    'DTSTART;N:19970902T090000 ; EXDATE;N:19970902T090000 ; RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
    'file',
    '1997-01-01..2001-01-01',
    '1998-02-13T14:00Z, 1998-03-13T14:00Z, 1998-11-13T14:00Z, 1999-08-13T13:00Z, 2000-10-13T13:00Z',
  ],
  [
    'end-P1D-over-dst',
    'DTSTART;W:20260328T100000 ; DURATION:P1D',
    'file',
    '2026-01-01..2027-01-01',
    '03-28T09:00Z/03-29T08:00Z',
  ],
  [
    'end-PT8H-over-dst',
    'DTSTART;W:20260327T220000 ; DURATION:PT8H ; RRULE:FREQ=DAILY;COUNT=3',
    'file',
    '2026-01-01..2027-01-01',
    '03-27T21:00Z/03-28T05:00Z, 03-28T21:00Z/03-29T05:00Z, 03-29T20:00Z/03-30T04:00Z',
  ],
  [
    '≈ dst-gap 02:30',
    'DTSTART;W:20260328T023000 ; RRULE:FREQ=DAILY;COUNT=3',
    'file',
    '2026-01-01..2027-01-01',
    '03-28T01:30Z, 03-29T01:30Z, 03-30T00:30Z',
  ],
  [
    '≈ dtstart-not-in-rule',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-17T09:00Z, 03-24T09:00Z',
  ],
  [
    '≈ until-date-on-timed',
    'DTSTART;W:20260327T100000 ; RRULE:FREQ=DAILY;UNTIL=20260329',
    'file',
    '2026-01-01..2027-01-01',
    '03-27T09:00Z, 03-28T09:00Z, 03-29T08:00Z',
  ],
  [
    '≈ exdate-date-on-timed',
    'DTSTART;W:20260316T100000 ; RRULE:FREQ=WEEKLY;COUNT=4 ; EXDATE;VALUE=DATE:20260323',
    'file',
    '2026-01-01..2027-01-01',
    '03-16T09:00Z, 03-30T08:00Z, 04-06T08:00Z',
  ],
  [
    '≈ end-DTEND-exact-over-dst',
    'DTSTART;W:20260327T220000 ; DTEND;W:20260328T060000 ; RRULE:FREQ=DAILY;COUNT=3',
    'file',
    '2026-01-01..2027-01-01',
    '03-27T21:00Z/03-28T05:00Z, 03-28T21:00Z/03-29T05:00Z, 03-29T20:00Z/03-30T04:00Z',
  ],
]

const definitions = [
  ...zoneLines('Europe/Warsaw', '+0100', '+0200'),
  ...zoneLines('America/New_York', '-0500', '-0400', 'us'),
  ...zoneLines('W. Europe Standard Time', '+0100', '+0200'),
  ...zoneLines('(UTC+01:00) Sarajevo\\, Skopje\\, Warsaw\\, Zagreb', '+0100', '+0200'),
  ...zoneLines('Customized Time Zone', '+0330', null),
]

function corpusCalendar(essentials: string, zones: 'file' | 'name'): string {
  const events = essentials
    .split(' ‖ ')
    .flatMap(event => [
      'BEGIN:VEVENT',
      'UID:corpus@example.com',
      'SUMMARY:Corpus',
      ...event
        .split(' ; ')
        .map(line => line.replace(';W:', ';TZID=Europe/Warsaw:').replace(';N:', ';TZID=America/New_York:')),
      ...(/DTEND|DURATION|VALUE=DATE:/.test(event) ? [] : ['DURATION:PT30M']),
      'END:VEVENT',
    ])
  return calendarText(...(zones === 'file' ? definitions : []), ...events)
}

function instant(text: string): string {
  const dated = /^\d{4}-/.test(text) ? text : `2026-${text}`
  return dated.replace(/(T\d\d:\d\d)Z/, '$1:00Z')
}

describe('the recurrence corpus', () => {
  it.each(corpus)('%s', async (_name, essentials, zones, dates, expected) => {
    const [startAt = 0, endAt = 0] = dates.split('..').map(date => Date.parse(`${date}T00:00:00Z`))
    const window = { startAt, endAt }
    const { events } = await read(corpusCalendar(essentials, zones), window)

    const shown = expandEvents(events, window).occurrences.map(({ event, startAt: start, endAt: end }) => {
      if (event.time.allDay) return isoInstant(start).slice(0, 10)
      return expected.includes('/') ? `${isoInstant(start)}/${isoInstant(end)}` : isoInstant(start)
    })
    expect(shown).toEqual(
      expected
        .split(', ')
        .filter(each => each !== '')
        .map(each => each.split('/').map(instant).join('/')),
    )
  })
})
