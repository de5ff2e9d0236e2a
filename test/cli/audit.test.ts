import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditReport } from '../../src/domain/reports/audit-report.ts'
import { cli, samplesFolder } from '../support/cli.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-audit-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const calendar = (...events: readonly string[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    'X-WR-TIMEZONE:Europe/Madrid',
    ...events,
    'END:VCALENDAR',
    '',
  ].join('\r\n')
const weekly = (uid: string, title: string, start: string, end: string, people: readonly string[], agenda = '') =>
  [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    `DTSTART;TZID=Europe/Madrid:${start}`,
    `DTEND;TZID=Europe/Madrid:${end}`,
    'RRULE:FREQ=WEEKLY',
    `SUMMARY:${title}`,
    ...(agenda === '' ? [] : [`DESCRIPTION:${agenda}`]),
    ...people.map(person => `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${person}`),
    'END:VEVENT',
  ].join('\r\n')
const team = ['ana', 'ben', 'cleo', 'dan', 'eva', 'finn'].map(name => `${name}@lantern.example`)
const statusRound = weekly(
  'status',
  'Weekly status update',
  '20260105T100000',
  '20260105T104500',
  team,
  'Round of updates',
)

async function json(argv: readonly string[]): Promise<AuditReport> {
  const { code, out, err } = await cli(['audit', ...argv, '--json'])
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out)
}

describe('the sample company', () => {
  it('is audited when no file is named, the same on every day, and says that it is a sample', async () => {
    const first = await cli(['audit'])
    const later = await cli(['audit'], { now: Date.UTC(2031, 5, 1) })
    expect(first.code).toBe(0)
    expect(first.out).toContain('A sample')
    expect(later.out).toBe(first.out)
  })

  it('the Thursday test: the disliked architecture review is kept with numbers, the status round beside it is not', async () => {
    const { series } = await json([])
    const review = series.find(one => one.title === 'Architecture review')!
    const round = series.find(one => one.title === 'Delivery status round')!

    expect(review.when).toMatchObject({ cadence: 'weekly', minutes: 90 })
    expect(review.when.usual).toContain('Thu')
    expect(round.when.usual).toContain('Thu')
    expect(review.people.headcount.expected).toBe(8)
    expect(review.section).toBe('worth-keeping')
    expect(review.loadBearing).toBe(true)
    expect(round.loadBearing).toBe(false)
    expect(['conflicts-emerge-later', 'teams-at-cross-purposes']).toContain(review.answer)
    expect(review.people.soleChannels!.length).toBeGreaterThan(0)
    const sole = review.basis.find(reason => reason.rule === 'sole-channel')!
    expect(sole.side).toBe('keep')
    expect(Object.values(sole.figures).some(figure => typeof figure === 'number')).toBe(true)

    expect(round.section).toBe('try-without')
    expect(round.answer).toBe('nothing-would-change')
    expect(round.people.soleChannels).toEqual([])
    // it shortens what it keeps, where the agenda says it can
    expect(review.advice).toContain('60 minutes instead of 90')
    // every other rule would cut the review first: it costs more than the round beside it
    expect(review.cost.hoursPerWeek.expected).toBeGreaterThan(round.cost.hoursPerWeek.expected)
  })

  it('every number opens: counts add up to the occurrences, series to their meetings, sections to the series', async () => {
    const report = await json([])
    const { counts, series, totals } = report
    expect(counts.rules.reduce((sum, one) => sum + one.occurrences, 0)).toBe(counts.occurrences)
    expect(counts.series).toBe(series.length)
    for (const one of series) {
      expect(one.occurrences).toHaveLength(one.when.held)
      expect(one.basis.length).toBeGreaterThan(0)
      const hours = one.cost.hoursPerWeek.expected * report.window.weeks
      expect(hours).toBeCloseTo(one.cost.hoursInWindow.expected, 6)
    }
    for (const section of totals.bySection) {
      expect(series.filter(one => one.section === section.section)).toHaveLength(section.series)
    }
    expect(series.map(one => one.number)).toEqual(series.map((_, i) => i + 1))
  })

  it('nothing of a private event is anywhere in the report', async () => {
    const source = readdirSync(join(samplesFolder, 'calendars')).map(name =>
      readFileSync(join(samplesFolder, 'calendars', name), 'utf8').replace(/\r\n[ \t]/g, ''),
    )
    const secrets = source.flatMap(text =>
      text
        .split('BEGIN:VEVENT')
        .filter(event => /CLASS:(PRIVATE|CONFIDENTIAL)/.test(event))
        .flatMap(event => /^SUMMARY:(.+)$/m.exec(event)?.[1]?.trim() ?? []),
    )
    expect(secrets.length).toBeGreaterThan(0)
    const { out } = await cli(['audit', '--json'])
    for (const secret of secrets) expect(out).not.toContain(secret)
  })
})

describe('someone else’s export', () => {
  it('is audited from a file, from standard input and from a folder, with the same verdicts', async () => {
    const file = join(folder, 'team.ics')
    writeFileSync(file, calendar(statusRound))
    const fromFile = await json([file])
    const { out } = await cli(['audit', '-', '--json'], { stdin: calendar(statusRound) })
    const fromStdin: AuditReport = JSON.parse(out)
    expect(fromFile.series.map(one => [one.title, one.section])).toEqual([['Weekly status update', 'try-without']])
    expect(fromStdin.series.map(one => one.section)).toEqual(['try-without'])
  })

  it('without a person it says what it could not know instead of drawing a week', async () => {
    const file = join(folder, 'whose.ics')
    writeFileSync(file, calendar(statusRound))
    const report = await json([file])
    expect(report.subject.how).toBe('unknown')
    expect(report.unknowns.map(one => one.rule)).toEqual(
      expect.arrayContaining(['prevention', 'whose-calendar', 'teams']),
    )
  })

  it('a person in any spelling makes it their week', async () => {
    const file = join(folder, 'mine.ics')
    writeFileSync(file, calendar(statusRound))
    const report = await json([file, '--me', 'MAILTO:Ana@Lantern.example'])
    expect(report.subject).toMatchObject({ how: 'given', me: { address: 'ana@lantern.example' } })
    expect(report.week!.meetingHours).toBeCloseTo(0.75, 6)
    expect(report.series[0]!.cost.myMinutesPerWeek).toBeCloseTo(45, 6)
  })

  it('an old export is audited over its own last weeks, and that is said', async () => {
    const old = statusRound.replace('RRULE:FREQ=WEEKLY', 'RRULE:FREQ=WEEKLY;COUNT=20').replaceAll('2026010', '2019010')
    const file = join(folder, 'old.ics')
    writeFileSync(file, calendar(old))
    const report = await json([file])
    expect(report.window.chosen).toBe('latest-activity')
    expect(report.series[0]!.when).toMatchObject({ held: 20, lastOn: '2019-05-18' })
    expect(report.unknowns.map(one => one.rule)).toContain('old-export')
  })

  it.each([
    ['an empty file', ''],
    ['a page saved by mistake', '<!doctype html><title>Sign in</title>'],
    ['bytes', Uint8Array.from({ length: 4096 }, (_, i) => (i * 73) % 256)],
  ])('%s is no calendar: a sentence, exit 3, no verdict', async (_, content) => {
    const file = join(folder, 'broken.ics')
    writeFileSync(file, content)
    const { code, out, err } = await cli(['audit', file, '--json'])
    expect(err).toMatch(/^minutewise: .*broken\.ics.*\.\n$/)
    expect([code, out]).toEqual([3, ''])
  })

  it('beside a file that is no calendar the others are audited, and it is named', async () => {
    const broken = join(folder, 'broken.ics')
    const good = join(folder, 'good.ics')
    writeFileSync(broken, 'PK but not really')
    writeFileSync(good, calendar(statusRound))
    const { code, out, err } = await cli(['audit', broken, good, '--json'])
    expect(code).toBe(0)
    expect(err).toContain('broken.ics')
    expect(JSON.parse(out).series).toHaveLength(1)
  })

  it('an address that is on no invitation is refused, so is what is no address', async () => {
    const file = join(folder, 'typo.ics')
    writeFileSync(file, calendar(statusRound))
    const typo = await cli(['audit', file, '--me', 'anna@lantern.example'])
    expect(typo.code).toBe(2)
    expect(typo.err).toContain('anna@lantern.example is on no invitation')
    expect((await cli(['audit', file, '--me', 'ana'])).code).toBe(2)
  })

  it('a calendar that began three weeks ago is averaged over three weeks', async () => {
    const file = join(folder, 'new.ics')
    writeFileSync(file, calendar(statusRound.replaceAll('20260105T', '20261026T')))
    const report = await json([file, '--me', team[0]!])
    expect(report.window).toMatchObject({ fromOn: '2026-10-26', toOn: '2026-11-16', weeks: 3 })
    expect(report.series[0]!.cost.myMinutesPerWeek).toBeCloseTo(45, 6)
  })

  it('the rows behind the numbers are the ones the printed command reads', async () => {
    const file = join(folder, 'rows.ics')
    const declined = weekly('no', 'Declined', '20260107T100000', '20260107T110000', team.slice(1)).replace(
      'END:VEVENT',
      `ATTENDEE;PARTSTAT=DECLINED:mailto:${team[0]}\r\nEND:VEVENT`,
    )
    writeFileSync(file, calendar(statusRound, declined))
    const report = await json([file, '--me', team[0]!])
    const [, ...words] = report.counts.rows.split(' ')
    const rows = JSON.parse((await cli([...words, '--json'])).out)
    expect(rows.rules).toEqual(report.counts.rules.map(({ hours: _, ...rule }) => rule))
    expect(rows.rules.map((one: { rule: string }) => one.rule)).toEqual(['people-met', 'declined-by-me'])
  })
})

describe('output', () => {
  it('CSV has one row a series and no cell that a spreadsheet would run', async () => {
    const file = join(folder, 'hostile.ics')
    writeFileSync(file, calendar(statusRound.replace('Weekly status update', '=HYPERLINK("http://evil.example")')))
    const { out } = await cli(['audit', file, '--csv'])
    const rows = Papa.parse<Record<string, string>>(out.trim(), { header: true }).data
    expect(rows).toHaveLength(1)
    for (const cell of Object.values(rows[0]!)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
  })

  it('no colour in a pipe or with NO_COLOR, colour on a terminal', async () => {
    const sequence = '\u001b['
    expect((await cli(['audit'])).out).not.toContain(sequence)
    expect((await cli(['audit'], { terminal: 90, env: { NO_COLOR: '1' } })).out).not.toContain(sequence)
    expect((await cli(['audit', '--no-color'], { terminal: 90 })).out).not.toContain(sequence)
    expect((await cli(['audit'], { terminal: 90 })).out).toContain(sequence)
  })

  it('the page and the JSON can be opened again and say the same', async () => {
    const page = join(folder, 'audit.html')
    const written = await cli(['audit', '--html', page, '--json'])
    const saved = join(folder, 'audit.json')
    writeFileSync(saved, written.out)
    const text = (await cli(['audit'])).out
    expect((await cli(['audit', '--from-json', page])).out).toBe(text)
    expect((await cli(['audit', '--from-json', saved])).out).toBe(text)
    expect((await cli(['audit', '--from-json', saved, '--json'])).out).toBe(written.out)
  })

  it('a file that is no audit is refused with a sentence', async () => {
    const file = join(folder, 'other.json')
    writeFileSync(file, '{"schema":"somebody/else/1"}')
    const { code, err } = await cli(['audit', '--from-json', file])
    expect(code).toBe(3)
    expect(err).toContain('holds no audit of this program')
  })

  it('--explain opens one series down to its meetings; a number that is not there is refused', async () => {
    const { out } = await cli(['audit', '--explain', '1'])
    const report = await json([])
    expect(out).toContain(report.series[0]!.title)
    for (const { start } of report.series[0]!.occurrences) expect(out).toMatch(new RegExp(start.slice(0, 4)))
    const wrong = await cli(['audit', '--explain', '999'])
    expect(wrong.code).toBe(2)
    expect(wrong.err).toContain('there is no series 999')
  })

  it('--html never takes the place of what is no page', async () => {
    const file = join(folder, 'mine-alone.ics')
    writeFileSync(file, calendar(statusRound))
    const { code, err } = await cli(['audit', file, '--html', file])
    expect(code).toBe(2)
    expect(err).toContain('is no page; it was left alone')
    expect(readFileSync(file, 'utf8')).toBe(calendar(statusRound))
    const page = join(folder, 'twice.html')
    expect((await cli(['audit', file, '--html', page])).code).toBe(0)
    expect((await cli(['audit', file, '--html', page])).code).toBe(0)
  })

  it('what names bring along commands no terminal: standard error is clean', async () => {
    const file = join(folder, 'zone.ics')
    const hostile = statusRound.replace('DTSTART;TZID=Europe/Madrid:', 'DTSTART;TZID=\u001b[31mX\u202e:')
    writeFileSync(file, calendar(hostile))
    const { err } = await cli(['audit', file, '--json'])
    expect(err).toContain('time zone')
    expect(err).not.toContain('\u001b')
    expect(err).not.toContain('\u202e')
    const missing = await cli(['audit', '\u001b]0;PWN\u0007.ics'])
    expect(missing.err).not.toContain('\u001b')
  })

  it('options that an old audit cannot follow are refused beside --from-json', async () => {
    const saved = join(folder, 'old.json')
    writeFileSync(saved, (await cli(['audit', '--json'])).out)
    for (const option of [['--me', 'a@b.example'], ['--zone', 'UTC'], ['--db', 'x.db'], ['calendar.ics']]) {
      expect((await cli(['audit', '--from-json', saved, ...option])).code).toBe(2)
    }
  })

  it('--redact leaves our own words alone, whatever a series is called, and names no file', async () => {
    const file = join(folder, 'common.ics')
    const rates = join(folder, 'secret-rates.csv')
    writeFileSync(rates, 'band,per hour\nengineer,80\n')
    writeFileSync(file, calendar(weekly('the', 'the', '20260105T100000', '20260105T104500', team, 'Round of updates')))
    const open = (await cli(['audit', file])).out
    const { out } = await cli(['audit', file, '--redact', '--rates', rates, '--json'])
    const report: AuditReport = JSON.parse(out)
    expect(open).toContain(report.series[0]!.sentence.slice(0, 20))
    expect(out).not.toContain('secret-rates')
    expect(report.unknowns.map(one => one.sentence).join(' ')).not.toContain('Series 1')
  })

  it('--redact leaves no title, address or agenda in any output', async () => {
    const open = await json([])
    const words = [
      ...open.series.flatMap(one => [one.title, ...one.formerTitles, ...one.items.map(item => item.text)]),
      ...open.oneOffs.largest.map(one => one.title),
      open.subject.me!.address,
      open.subject.me!.name!,
    ].filter(word => word.length > 3)
    const saved = join(folder, 'open.json')
    writeFileSync(saved, (await cli(['audit', '--json'])).out)
    for (const from of [[], ['--from-json', saved]]) {
      for (const output of [['--json'], ['--csv'], ['--md'], [], ['--explain', '9']]) {
        const { code, out } = await cli(['audit', '--redact', ...from, ...output])
        expect(code).toBe(0)
        for (const word of words) expect(out).not.toContain(word)
      }
    }
    const redactedReport: AuditReport = JSON.parse((await cli(['audit', '--redact', '--json'])).out)
    // verdicts and their reasons stay what they were
    expect(redactedReport.series.map(one => [one.section, one.answer])).toEqual(
      open.series.map(one => [one.section, one.answer]),
    )
    const review = redactedReport.series.find(one => one.loadBearing)!
    expect(review.basis[0]!.sentence).toContain('the only place on the calendars read where 4 pairs of teams talk live')
    expect(review.people.soleChannels![0]).toEqual([
      expect.stringMatching(/^Team \d$/),
      expect.stringMatching(/^Team \d$/),
    ])
  })
})

describe('exit codes', () => {
  it('--fail-on exits 1 when the section is not empty, 0 when it is, 2 for a section that does not exist', async () => {
    const file = join(folder, 'fail.ics')
    writeFileSync(file, calendar(statusRound))
    expect((await cli(['audit', file, '--fail-on', 'try-without'])).code).toBe(1)
    expect((await cli(['audit', file, '--fail-on', 'worth-keeping'])).code).toBe(0)
    expect((await cli(['audit', file, '--fail-on', 'bad'])).code).toBe(2)
    const unjudged = join(folder, 'unjudged.ics')
    writeFileSync(
      unjudged,
      calendar(
        statusRound.replace('RRULE:FREQ=WEEKLY', 'RRULE:FREQ=WEEKLY;COUNT=2').replaceAll('20260105T', '20261102T'),
      ),
    )
    const none = await cli(['audit', unjudged, '--fail-on', 'try-without'])
    expect(none.code).toBe(1)
    expect(none.err).toContain('no series could be judged, which is no pass')
  })

  it('--max-hours exits 1 above the limit and asks whose week is meant when nobody knows', async () => {
    const file = join(folder, 'hours.ics')
    writeFileSync(file, calendar(statusRound))
    const me = ['--me', team[0]!]
    expect((await cli(['audit', file, ...me, '--max-hours', '0.5'])).code).toBe(1)
    expect((await cli(['audit', file, ...me, '--max-hours', '1'])).code).toBe(0)
  })

  it('two outputs at once, an empty window and a zone that is none are wrong use', async () => {
    expect((await cli(['audit', '--json', '--csv'])).code).toBe(2)
    expect((await cli(['audit', '--from', '2026-03-02', '--to', '2026-03-02'])).code).toBe(2)
    const zone = await cli(['audit', '--zone', 'Middle/Earth'])
    expect(zone.code).toBe(2)
    expect(zone.err).toContain('Middle/Earth')
  })
})

describe('--db', () => {
  it('keeps the audit, says what changed the next time, and stores nothing private', async () => {
    const file = join(folder, 'kept.ics')
    const database = join(folder, 'kept.db')
    const secret = 'Biopsy results, ward 7'
    const hidden = weekly('secret', secret, '20260106T100000', '20260106T110000', team).replace(
      'UID:secret',
      'CLASS:PRIVATE\r\nUID:secret',
    )
    writeFileSync(file, calendar(statusRound, hidden))
    const first = await json([file, '--db', database])
    expect(first.changes).toBeNull()

    const planning = weekly(
      'plan',
      'Release planning',
      '20260107T100000',
      '20260107T110000',
      team,
      '1. Decide the order of releases',
    )
    writeFileSync(file, calendar(hidden, planning))
    const { out } = await cli(['audit', file, '--db', database, '--json'], { now: Date.UTC(2026, 10, 21, 9) })
    const second: AuditReport = JSON.parse(out)
    expect(second.changes).toMatchObject({
      previousOn: '2026-11-20',
      appeared: ['Release planning'],
      disappeared: ['Weekly status update'],
    })
    const bytes = readdirSync(folder)
      .filter(name => name.startsWith('kept.db'))
      .map(name => readFileSync(join(folder, name), 'latin1'))
      .join('')
    expect(bytes.length).toBeGreaterThan(0)
    expect(bytes).not.toContain(secret)
    expect(bytes).not.toContain('Biopsy')
  })
})

describe('a group whose size nobody knows', () => {
  it('is not a number: at least so many people, and no surer verdict than that', async () => {
    const file = join(folder, 'group.ics')
    const group = 'ATTENDEE;CUTYPE=GROUP;PARTSTAT=NEEDS-ACTION:mailto:all-staff@lantern.example'
    const allStaff = weekly('all', 'All staff', '20260105T100000', '20260105T110000', team.slice(0, 1))
    writeFileSync(file, calendar(allStaff.replace('END:VEVENT', `${group}\r\nEND:VEVENT`)))
    const report = await json([file, '--me', team[0]!])
    const [series] = report.series
    expect(series!.people).toMatchObject({ known: true, atLeast: true })
    expect(series!.cost.lowerBound).toBe(true)
    expect(series!.section).toBe('not-enough-data')
    const { out } = await cli(['audit', file, '--me', team[0]!, '--explain', '1'])
    expect(out).toContain('at least 1 person')
    expect(out).not.toMatch(/1–2 people/)
  })
})

describe('work that words alone would misjudge', () => {
  async function audited(...events: readonly string[]): Promise<AuditReport> {
    const file = join(folder, 'work.ics')
    writeFileSync(file, calendar(...events))
    return json([file, '--me', team[0]!])
  }
  const agenda = 'Round of updates\\nStatus of each bed'

  it('a teacher’s own lessons are hours of the week and not free time', async () => {
    const lesson = weekly('maths', 'Year 11 maths lesson', '20260106T090000', '20260106T110000', [])
    const report = await audited(statusRound, lesson)
    expect(report.week!.meetingHours).toBeCloseTo(2.75, 6)
    const series = report.series.find(one => one.title === 'Year 11 maths lesson')!
    expect(series.cost.myMinutesPerWeek).toBeCloseTo(120, 6)
    expect(series.section).not.toBe('try-without')
  })

  it.each([
    ['On-call handover', 'responsibility changes hands'],
    ['Übergabe Station 4', 'responsibility changes hands'],
    ['Safety huddle', 'people’s safety'],
    ['Safeguarding update', 'people’s safety'],
    ['Toolbox talk', 'people’s safety'],
  ])('%s is never told to be written down or skipped', async (title, reason) => {
    const report = await audited(weekly('duty', title, '20260106T090000', '20260106T091500', team, agenda))
    const [series] = report.series
    expect(series!.section).not.toBe('try-without')
    expect(series!.basis.map(one => one.sentence).join(' ')).toContain(reason)
    expect(series!.basis.map(one => one.rule)).not.toContain('status-round')
    expect(series!.advice ?? '').not.toMatch(/[Ww]rite the updates/)
  })

  it.each(['Staff', 'Zzz qqq', 'Bed meeting'])('%s: a name that says nothing is no reason to skip', async title => {
    const report = await audited(weekly('name', title, '20260106T090000', '20260106T091500', team))
    expect(report.series[0]!.section).not.toBe('try-without')
  })

  it('where nobody is ever listed, work done alone is no meeting', async () => {
    const file = join(folder, 'founder.ics')
    const solo = ['Pay invoices', 'Write newsletter', 'Board prep'].map((title, i) =>
      weekly(`solo-${i}`, title, `2026010${i + 5}T090000`, `2026010${i + 5}T100000`, []),
    )
    writeFileSync(file, calendar(...solo, weekly('board', 'Board meeting', '20260108T090000', '20260108T100000', [])))
    const report = await json([file])
    expect(report.series.map(one => one.title)).toEqual(['Board meeting'])
  })
})

describe('several calendars', () => {
  const at = (name: string, ...events: readonly string[]) => {
    const path = join(folder, name)
    writeFileSync(path, calendar(`X-WR-CALNAME:${name.replace('.ics', '')}@lantern.example`, ...events))
    return path
  }
  const reply = (event: string, person: string, answer: string) =>
    event.replace(`PARTSTAT=ACCEPTED:mailto:${person}@`, `PARTSTAT=${answer}:mailto:${person}@`)

  it('each person’s own copy knows their own reply best', async () => {
    const three = weekly('plan', 'Planning', '20260105T100000', '20260105T110000', team.slice(0, 3))
    const onAnas = reply(reply(three, 'ben', 'NEEDS-ACTION'), 'cleo', 'NEEDS-ACTION')
    const paths = [
      at('ana.ics', onAnas),
      at('ben.ics', onAnas.replace('NEEDS-ACTION:mailto:ben@', 'DECLINED:mailto:ben@')),
    ]
    const [series] = (await json([...paths, '--me', team[0]!])).series
    expect(series!.people.headcount.expected).toBe(2)
    expect(series!.cost.hoursPerOccurrence.expected).toBeCloseTo(0.9 + 0.05 + 0.5, 6)
  })

  it('what I declined stays declined when a colleague’s copy has another UID', async () => {
    const organized = (uid: string) =>
      weekly(uid, 'Planning', '20260105T100000', '20260105T110000', team).replace(
        'SUMMARY:',
        `ORGANIZER:mailto:${team[1]}\r\nSUMMARY:`,
      )
    const mine = at('ana.ics', reply(organized('mine'), 'ana', 'DECLINED'), statusRound)
    const report = await json([mine, at('ben.ics', organized('theirs')), '--me', team[0]!])
    expect(report.series.map(one => one.title)).toEqual(['Weekly status update'])
  })

  it('the one nobody else owns is mine: my absence is taken out of my week', async () => {
    const away = [
      'BEGIN:VEVENT',
      'UID:away',
      'DTSTAMP:20260101T000000Z',
      'DTSTART;VALUE=DATE:20261109',
      'DTEND;VALUE=DATE:20261114',
      'SUMMARY:Vacation',
      'X-MICROSOFT-CDO-BUSYSTATUS:OOF',
      'END:VEVENT',
    ].join('\r\n')
    const mine = join(folder, 'export.ics')
    writeFileSync(mine, calendar(statusRound, away))
    const alone = await json([mine, '--me', team[0]!])
    const both = await json([mine, at('ben.ics', statusRound), '--me', team[0]!])
    expect(both.week!.weeks).toBe(alone.week!.weeks)
    expect(both.week!.workingHours).toBeCloseTo(alone.week!.workingHours, 6)
  })
})

describe('people.csv as spreadsheets write it', () => {
  const text = 'email;name;team\r\nana@lantern.example;Ana Núñez;Zürich\r\n'
  it.each([
    ['UTF-16 with its mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['Windows-1252', Buffer.from(text, 'latin1')],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`, 'utf8')],
    ['a first line that names the separator', Buffer.from(`sep=;\r\n${text}`, 'utf8')],
  ])('%s', async (_, bytes) => {
    const people = join(folder, 'people.csv')
    const file = join(folder, 'people.ics')
    writeFileSync(people, bytes)
    writeFileSync(file, calendar(statusRound))
    const report = await json([file, '--people', people, '--me', team[0]!])
    expect(report.subject.me!.name).toBe('Ana Núñez')
    expect(report.series[0]!.people.teams).toEqual(['Zürich'])
  })
})
