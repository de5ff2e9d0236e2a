/** 400 weekly series since 2015 in three zones, as iCalendar text: what a long-lived team calendar holds. */
export function weeklySeries() {
  const zones = ['Europe/Warsaw', 'America/New_York', 'Asia/Kathmandu']
  const events = Array.from({ length: 400 }, (_, i) => {
    const day = String(1 + (i % 28)).padStart(2, '0')
    const hour = String(8 + (i % 9)).padStart(2, '0')
    return [
      'BEGIN:VEVENT',
      `UID:weekly-${i}`,
      'DTSTAMP:20150101T000000Z',
      `DTSTART;TZID=${zones[i % 3]}:201501${day}T${hour}0000`,
      `DTEND;TZID=${zones[i % 3]}:201501${day}T${hour}4500`,
      'RRULE:FREQ=WEEKLY',
      `SUMMARY:Series ${i}`,
      'END:VEVENT',
    ].join('\r\n')
  })
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//bench//EN', vtimezones, ...events, 'END:VCALENDAR', ''].join(
    '\r\n',
  )
}

const vtimezones = [
  [
    'Europe/Warsaw',
    '+0100',
    '+0200',
    '19810329T020000',
    'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
    '19961027T030000',
    'FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  ],
  [
    'America/New_York',
    '-0500',
    '-0400',
    '20070311T020000',
    'FREQ=YEARLY;BYMONTH=3;BYDAY=2SU',
    '20071104T020000',
    'FREQ=YEARLY;BYMONTH=11;BYDAY=1SU',
  ],
  ['Asia/Kathmandu', '+0545', '+0545', null, null, '19860101T000000', null],
]
  .map(([name, standard, daylight, daylightStart, daylightRule, standardStart, standardRule]) =>
    [
      'BEGIN:VTIMEZONE',
      `TZID:${name}`,
      ...(daylightStart === null
        ? []
        : [
            'BEGIN:DAYLIGHT',
            `DTSTART:${daylightStart}`,
            `RRULE:${daylightRule}`,
            `TZOFFSETFROM:${standard}`,
            `TZOFFSETTO:${daylight}`,
            'END:DAYLIGHT',
          ]),
      'BEGIN:STANDARD',
      `DTSTART:${standardStart}`,
      ...(standardRule === null ? [] : [`RRULE:${standardRule}`]),
      `TZOFFSETFROM:${daylight}`,
      `TZOFFSETTO:${standard}`,
      'END:STANDARD',
      'END:VTIMEZONE',
    ].join('\r\n'),
  )
  .join('\r\n')
