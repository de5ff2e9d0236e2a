import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OccurrenceReport } from '../../src/domain/reports/occurrence-report.ts'
import { cli } from '../support/cli.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-read-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function put(name: string, ...events: readonly (readonly string[])[]): string {
  const path = join(folder, name)
  const lines = events.flatMap(event => ['BEGIN:VEVENT', 'DTSTAMP:20260101T000000Z', ...event, 'END:VEVENT'])
  writeFileSync(
    path,
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n'),
  )
  return path
}

async function read(...argv: readonly string[]): Promise<OccurrenceReport> {
  const { code, out } = await cli(['read', ...argv, '--json'])
  expect(code).toBe(0)
  return JSON.parse(out)
}

const guests = ['ATTENDEE:mailto:ana@lantern.example', 'ATTENDEE:mailto:ben@lantern.example']

describe('minutewise read', () => {
  it('lists every occurrence with the rule that spoke; an all-day one keeps its dates', async () => {
    const file = put(
      'rules.ics',
      ['UID:met', 'DTSTART:20260316T090000Z', 'DTEND:20260316T100000Z', 'SUMMARY:Planning', ...guests],
      ['UID:trip', 'DTSTART;VALUE=DATE:20260317', 'DTEND;VALUE=DATE:20260319', 'SUMMARY:Fair', ...guests],
      ['UID:off', 'DTSTART:20260318T090000Z', 'DTEND:20260318T100000Z', 'SUMMARY:Board', 'STATUS:CANCELLED', ...guests],
    )
    const { occurrences, rules, schema } = await read(file, '--from', '2026-03-01', '--to', '2026-04-01')
    expect(schema).toBe('minutewise/read/1')
    expect(occurrences).toEqual([
      {
        uid: 'met',
        start: '2026-03-16T09:00:00Z',
        end: '2026-03-16T10:00:00Z',
        allDay: false,
        title: 'Planning',
        counted: true,
        rule: 'people-met',
      },
      {
        uid: 'trip',
        start: '2026-03-17',
        end: '2026-03-19',
        allDay: true,
        title: 'Fair',
        counted: false,
        rule: 'all-day',
      },
      {
        uid: 'off',
        start: '2026-03-18T09:00:00Z',
        end: '2026-03-18T10:00:00Z',
        allDay: false,
        title: 'Board',
        counted: false,
        rule: 'cancelled',
      },
    ])
    expect(rules.map(one => [one.rule, one.occurrences])).toEqual([
      ['people-met', 1],
      ['cancelled', 1],
      ['all-day', 1],
    ])
  })

  it('what a series would have held and did not stands apart', async () => {
    const file = put(
      'removed.ics',
      [
        'UID:s',
        'DTSTART:20260302T090000Z',
        'DTEND:20260302T100000Z',
        'RRULE:FREQ=WEEKLY;COUNT=4',
        'EXDATE:20260309T090000Z',
        'SUMMARY:S',
        ...guests,
      ],
      [
        'UID:s',
        'RECURRENCE-ID:20260316T090000Z',
        'DTSTART:20260316T090000Z',
        'DTEND:20260316T100000Z',
        'STATUS:CANCELLED',
        'SUMMARY:S',
        ...guests,
      ],
    )
    const { occurrences, removed } = await read(file, '--from', '2026-03-01', '--to', '2026-04-01')
    expect(occurrences.map(one => one.start)).toEqual(['2026-03-02T09:00:00Z', '2026-03-23T09:00:00Z'])
    expect(removed).toEqual([
      { uid: 's', start: '2026-03-09T09:00:00Z', reason: 'excluded' },
      { uid: 's', start: '2026-03-16T09:00:00Z', reason: 'cancelled' },
    ])
  })

  it('days stand in the order people see them, west of Greenwich as well', async () => {
    const file = put(
      'west.ics',
      [
        'UID:evening',
        'DTSTART;TZID=America/Los_Angeles:20261012T180000',
        'DURATION:PT1H',
        'SUMMARY:Evening',
        ...guests,
      ],
      ['UID:day', 'DTSTART;VALUE=DATE:20261013', 'SUMMARY:Day', ...guests],
      [
        'UID:morning',
        'DTSTART;TZID=America/Los_Angeles:20261013T080000',
        'DURATION:PT1H',
        'SUMMARY:Morning',
        ...guests,
      ],
    )
    const { occurrences } = await read(file, '--from', '2026-10-01', '--to', '2026-11-01')
    expect(occurrences.map(one => one.uid)).toEqual(['evening', 'day', 'morning'])
  })

  it('a private event has times and nothing else', async () => {
    const file = put('private.ics', [
      'UID:p',
      'DTSTART:20260316T090000Z',
      'DTEND:20260316T100000Z',
      'SUMMARY:Scan results',
      'CLASS:PRIVATE',
      ...guests,
    ])
    const { occurrences } = await read(file, '--from', '2026-03-01', '--to', '2026-04-01')
    expect(occurrences).toMatchObject([{ title: null, rule: 'private', counted: false }])
  })

  it('without a file it reads the sample company', async () => {
    expect((await read()).occurrences.length).toBeGreaterThan(500)
  })

  it('a long file shows its progress on a terminal, on one line that is cleared, and nothing in a pipe', async () => {
    const event = [
      'UID:x',
      'DTSTART:20260316T090000Z',
      'DTEND:20260316T100000Z',
      `DESCRIPTION:${'words '.repeat(1_000)}`,
      ...guests,
    ]
    const file = put('long.ics', ...Array.from({ length: 1_600 }, (_, i) => event.with(0, `UID:x${i}`)))
    const piped = await cli(['read', file, '--json'])
    const watched = await cli(['read', file, '--json'], { terminal: 80 })
    expect(piped.err).not.toContain('Reading')
    const lines = watched.err.split('\r\u001b[K')
    expect(lines[1]).toMatch(/^Reading long\.ics: \d+ MB of \d+ MB \(\d+ %\)$/)
    expect(lines.at(-1)).not.toContain('Reading')
    expect(watched.out).toBe(piped.out)
  })
})
