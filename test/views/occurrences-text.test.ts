import { describe, expect, test } from 'vitest'
import type { OccurrenceReport, OccurrenceRow } from '../../src/domain/reports/occurrence-report.ts'
import { textWidth } from '../../src/views/columns.ts'
import { occurrencesText } from '../../src/views/occurrences-text.ts'
import { hostileTitles } from '../support/sample-report.ts'

const row: OccurrenceRow = {
  uid: 'one@northwind.example',
  start: '2026-03-16T09:00:00Z',
  end: '2026-03-16T09:45:00Z',
  allDay: false,
  title: 'Platform status round',
  counted: true,
  rule: 'people-met',
}

function reportOf(occurrences: readonly OccurrenceRow[]): OccurrenceReport {
  return {
    schema: 'minutewise/read/1',
    window: { fromOn: '2026-03-16', toOn: '2026-03-23', zone: 'Europe/Madrid' },
    calendars: [{ calendar: 'ana.ics', name: null, events: 3 }],
    occurrences,
    removed: [{ uid: 'gone@northwind.example', start: '2026-03-18T09:00:00Z', reason: 'excluded' }],
    rules: [
      { rule: 'people-met', counted: true, occurrences: 1, sentence: 'At least two people were invited.' },
      { rule: 'all-day', counted: false, occurrences: 1, sentence: 'All-day entries are dates, not meetings.' },
    ],
    leftOut: [{ code: 'bad-rule', count: 1, sentence: 'One rule could not be read.' }],
  }
}

describe('occurrencesText', () => {
  const rows = [
    {
      ...row,
      start: '2026-03-16',
      end: '2026-03-17',
      allDay: true,
      title: 'Fair',
      counted: false,
      rule: 'all-day' as const,
    },
    row,
    {
      ...row,
      start: '2026-03-16T22:30:00Z',
      end: '2026-03-17T00:30:00Z',
      title: null,
      counted: false,
      rule: 'private' as const,
    },
  ]

  test('each occurrence is a line with its time, its title and its rule in words', () => {
    const text = occurrencesText(reportOf(rows), { width: 80, color: false })
    expect(text).toContain('Mon 16 Mar 2026')
    expect(text).toMatch(/- all day +Fair +left out: all-day/)
    expect(text).toMatch(/\+ 10:00–10:45 +Platform status round +people met/)
    expect(text).toMatch(/- 23:30–01:30 \+1 +\(no title\) +left out: private/)
    expect(text).toContain('3 occurrences: 1 counted as meetings, 2 not.')
  })

  test('what did not take place and what could not be read are there too', () => {
    const text = occurrencesText(reportOf(rows), { width: 80, color: false })
    expect(text).toMatch(/DID NOT TAKE PLACE \(1\)\n +Wed 18 Mar 2026 10:00 +deleted from its series/)
    expect(text).toContain('! One rule could not be read.')
    expect(text).toMatch(/1 {2}left out +all-day\. All-day entries/)
  })

  test.each([60, 80, 120])('no line is wider than %i, and no title brings control characters', width => {
    const report = reportOf(hostileTitles.map(title => ({ ...row, title, rule: 'longer-than-12-hours' as const })))
    const text = occurrencesText(report, { width, color: false })
    expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(width)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
  })

  test('colour changes nothing but colour', () => {
    const sgr = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g')
    const coloured = occurrencesText(reportOf(rows), { width: 80, color: true })
    expect(coloured.replace(sgr, '')).toBe(occurrencesText(reportOf(rows), { width: 80, color: false }))
  })

  test('an empty window says so', () => {
    const text = occurrencesText({ ...reportOf([]), removed: [], rules: [] }, { width: 80, color: false })
    expect(text).toContain('Nothing takes place in these days.')
  })
})
