import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { auditCsv } from '../../src/views/audit-csv.ts'
import { auditJson, parseAuditReport } from '../../src/views/audit-json.ts'
import { auditMarkdown } from '../../src/views/audit-markdown.ts'
import { plainText } from '../../src/views/plain-text.ts'
import { cannotSayReport, emptyReport, hostileReport, hostileTitles, sampleReport } from '../support/sample-report.ts'

function rowsOf(csv: string): Record<string, string>[] {
  const parsed = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true })
  expect(parsed.errors).toEqual([])
  return parsed.data
}

describe('auditCsv', () => {
  test('comes back from papaparse with every title, hostile ones with an apostrophe before a formula', () => {
    const rows = rowsOf(auditCsv(hostileReport()))
    expect(rows.map(row => row.title?.replace(/^'/, ''))).toEqual(hostileTitles.map(title => plainText(title, 4000)))
  })

  test('no text cell begins like a formula', () => {
    for (const row of rowsOf(auditCsv(hostileReport()))) {
      for (const cell of Object.values(row)) {
        if (!/^-?\d+(\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
      }
    }
  })

  test('has one row per series, CRLF at every line end, and numbers that stay numbers', () => {
    const csv = auditCsv(sampleReport())
    expect(csv.split('\r\n')).toHaveLength(15)
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    const [first] = rowsOf(csv)
    expect(Number(first?.hours_per_week_expected)).toBeCloseTo(7.59)
    expect(first?.currency).toBe('EUR')
    expect(first?.reasons).toContain('skip: No item in 4 of 4 asks for a decision.')
  })

  test('what is unknown is an empty cell, never a zero', () => {
    const row = rowsOf(auditCsv(cannotSayReport())).find(one => one.people_known === 'no')
    expect(row).toMatchObject({ people_low: '', people_high: '', my_minutes_per_week: '', focus_minutes_per_week: '' })
  })

  test('an audit without series is a header alone', () => {
    expect(rowsOf(auditCsv(emptyReport()))).toEqual([])
    expect(auditCsv(emptyReport())).toMatch(/^number,id,title,.*\r\n$/)
  })
})

describe('auditMarkdown', () => {
  test('no title becomes HTML, a link, a mention, a heading or a table cell more', () => {
    const markdown = auditMarkdown(hostileReport())
    expect(markdown).not.toMatch(/<[a-z/!]/i)
    expect(markdown).not.toMatch(/(^|[^\\])\]\(/m)
    expect(markdown).not.toMatch(/@[a-z]/i)
    expect(markdown).not.toMatch(/https?:|www\./i)
    const known =
      /^#{1,3} (Could we|Since|Your week|Try without|Improve|Worth keeping|Not enough|One-offs|What|Assumptions|\d+ · )/
    for (const line of markdown.split('\n').filter(one => one.startsWith('#'))) expect(line).toMatch(known)
    for (const block of markdown.split('\n\n').filter(one => one.startsWith('| '))) {
      const cells = block.split('\n').map(line => line.replaceAll('\\|', '').split('|').length)
      expect(new Set(cells).size).toBe(1)
    }
  })

  test('tells the verdicts, both sides and what it cannot know', () => {
    const markdown = auditMarkdown(sampleReport())
    expect(markdown).toContain('## Try without (3)')
    expect(markdown).toContain('**Probably nothing would change: the same four people meet again on Wednesday.**')
    expect(markdown).toContain('*keep:* Platform and Payments meet live nowhere else.')
    expect(markdown).toContain('## What it cannot know')
    expect(markdown).toContain('| engineer | 85 |')
  })

  test('a calendar without meetings says so', () => {
    expect(auditMarkdown(emptyReport())).toContain('No entry of these weeks counted as a meeting')
  })
})

describe('auditJson and parseAuditReport', () => {
  test.each([sampleReport, hostileReport, emptyReport, cannotSayReport])('%o comes back equal', make => {
    const json = auditJson(make())
    expect(parseAuditReport(JSON.parse(json))).toEqual(make())
    expect(json.startsWith('{\n  "schema": "minutewise/audit/1"')).toBe(true)
  })

  test('the order in which fields were set does not change a byte', () => {
    const report = sampleReport()
    const turned = { ...Object.fromEntries(Object.entries(report).reverse()), schema: report.schema }
    expect(auditJson(turned)).toBe(auditJson(report))
  })

  test('a field that a later version added is let through', () => {
    const later = { ...sampleReport(), addedLater: { anything: true } }
    expect(parseAuditReport(later)).toEqual(later)
  })

  test('what is no audit is told apart from an audit that is broken', () => {
    expect(parseAuditReport(null)).toEqual({ problem: expect.stringContaining('it has no “schema”') })
    expect(parseAuditReport({ schema: 'minutewise/read/1' })).toEqual({
      problem: expect.stringContaining('minutewise/read/1'),
    })
    const broken = { ...sampleReport(), generatedAt: 5, totals: { ...sampleReport().totals, byKind: 'none' } }
    expect(parseAuditReport(broken)).toEqual({
      problem:
        'This audit cannot be opened: generatedAt is not a text; totals.byKind is not a list. Make it again with audit --json.',
    })
  })

  test('a problem names fields and never repeats what stood in them', () => {
    const report = sampleReport()
    const broken = { ...report, series: report.series.map(one => ({ ...one, title: ['secret'] })) }
    const answer = parseAuditReport(broken)
    expect(answer).toHaveProperty('problem', expect.stringContaining('series[0].title is not a text'))
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  test('names of built-in properties are no fields', () => {
    expect(parseAuditReport(JSON.parse('{"__proto__": {"schema": "minutewise/audit/1"}}'))).toHaveProperty('problem')
  })
})
