import { describe, expect, test } from 'vitest'
import { auditText } from '../../src/views/audit-text.ts'
import { textWidth } from '../../src/views/columns.ts'
import { spanText } from '../../src/views/words.ts'
import { cannotSayReport, emptyReport, hostileReport, sampleReport } from '../support/sample-report.ts'

const sgr = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g')
const reports = { sample: sampleReport(), hostile: hostileReport(), empty: emptyReport(), cannotSay: cannotSayReport() }
const plain = { width: 80, color: false } as const

/** The text on one line, so that wrapping does not hide a sentence. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ')
}

describe('auditText', () => {
  test.each([60, 72, 80, 120])('no line is wider than %i columns, whatever the titles are', width => {
    for (const report of Object.values(reports)) {
      const pages = [auditText(report, { width, color: false })]
      for (const series of report.series) pages.push(auditText(report, { width, color: false, explain: series.number }))
      const widest = Math.max(...pages.flatMap(page => page.split('\n')).map(textWidth))
      expect(widest).toBeLessThanOrEqual(width)
    }
  })

  test('a width outside 60 to 120 is taken to the nearer end', () => {
    expect(auditText(reports.sample, { width: 20, color: false })).toBe(
      auditText(reports.sample, { width: 60, color: false }),
    )
    expect(auditText(reports.sample, { width: 900, color: false })).toBe(
      auditText(reports.sample, { width: 120, color: false }),
    )
  })

  test('without colour there is no control character but the line break, in any title', () => {
    for (const report of Object.values(reports)) {
      const text =
        auditText(report, plain) +
        report.series.map(one => auditText(report, { ...plain, explain: one.number })).join('')
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/u)
    }
  })

  test('with colour the only control sequences are our own, and without them the text is the same', () => {
    const coloured = auditText(reports.hostile, { width: 80, color: true })
    expect(coloured).toMatch(sgr)
    expect(coloured.replace(sgr, '')).toBe(auditText(reports.hostile, plain))
  })

  test('a title with terminal commands keeps its words and loses the commands', () => {
    const text = auditText(reports.hostile, { width: 120, color: false, rows: 99 })
    expect(text).toContain('red link cleared')
    expect(text).not.toContain('[31m')
    expect(text).not.toContain('8;;http')
  })

  test('every section is there, in order, and the page begins by saying that nothing was sent', () => {
    const text = auditText(reports.sample, plain)
    const order = [
      'Nothing was sent anywhere',
      'SINCE 23 OCT 2026',
      'YOUR WEEK',
      'THE TIME OF EVERYONE IN THEM',
      'TRY WITHOUT (3)',
      'IMPROVE (3)',
      'WORTH KEEPING (4)',
      'NOT ENOUGH DATA (3)',
      'WHAT IT GIVES BACK',
      'WHAT IT CANNOT KNOW',
    ]
    const places = order.map(words => text.indexOf(words))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('an entry shows both sides, the cost as low to high, the minutes of mine and how sure it is', () => {
    const text = auditText(reports.sample, plain)
    const entry = flat(text.slice(text.indexOf(' 7 Weekly architecture review'), text.indexOf(' 8 Release planning')))
    expect(entry).toMatch(/1 h 30 m +11 h 2 m +high/)
    expect(entry).toContain('keep Platform and Payments meet live nowhere else.')
    expect(entry).toContain('try without 90 minutes with 8 people')
    expect(entry).toMatch(/costs €[\d,]+–€[\d,]+ a year/)
  })

  test('where nothing speaks against a verdict, the entry says that it was looked for', () => {
    const text = flat(auditText(reports.sample, plain))
    expect(text).toContain('keep Nothing found that speaks for holding it as it is.')
  })

  test('not enough data is one line for each series, with its reason', () => {
    const text = auditText(reports.sample, { width: 120, color: false })
    const lines = text.slice(text.indexOf('NOT ENOUGH DATA (3)')).split('\n').slice(2, 5)
    expect(lines[0]).toContain('11 <script>alert("quarterly")</script> · Held once')
    expect(lines[1]).toMatch(/12 =HYPERLINK.* · The calendar lists neither/)
    expect(lines[2]).toMatch(/13 Guild .* · A group address/)
  })

  test('a bar is as long as its share of the working week', () => {
    const line =
      auditText(reports.sample, plain)
        .split('\n')
        .find(one => one.includes('In meetings')) ?? ''
    expect(line.match(/█/g)).toHaveLength(11)
    expect(line).toContain('46% of 40 h')
  })

  test('the sample company is marked and a real calendar is not', () => {
    expect(auditText(reports.sample, plain)).toContain('A sample:')
    expect(auditText(reports.cannotSay, plain)).not.toContain('A sample:')
  })

  test('a calendar without meetings says why each entry was left out', () => {
    const text = flat(auditText(reports.empty, plain))
    expect(text).toContain('No entry of these weeks counted as a meeting')
    expect(text).toContain('21 all-day. All-day entries are dates, not meetings.')
    expect(text).not.toContain('YOUR WEEK')
    expect(text).not.toContain('€0')
  })

  test('an audit that cannot judge says so and does not call it a pass', () => {
    const text = flat(auditText(reports.cannotSay, plain))
    expect(text).toContain('There is too little in this calendar to judge any series by.')
    expect(text).not.toContain('good shape')
  })

  test('an audit with nothing to try without is a small celebration', () => {
    const report = sampleReport()
    const kept = { ...report, series: report.series.filter(one => one.section === 'worth-keeping') }
    expect(flat(auditText(kept, plain))).toContain('Nothing that could be judged here looks as if it could go.')
  })

  test('entries past the limit are folded to one line each and none is lost', () => {
    const text = auditText(reports.sample, { ...plain, rows: 1 })
    expect(text).toContain(' 2 Roadmap FYI · ')
    expect(text).toContain(' 3 Vendor check-in')
    expect(flat(text)).not.toContain('You are optional and accepted 1 of 4.')
  })

  test('the column of my own minutes is there only when somebody’s week is known', () => {
    const anonymous = sampleReport().series.map(one => ({ ...one, cost: { ...one.cost, myMinutesPerWeek: null } }))
    expect(auditText(reports.sample, plain)).toContain('you / week')
    expect(auditText({ ...reports.sample, series: anonymous }, plain)).not.toContain('you / week')
  })

  test('explain shows every meeting with its rule, every reason with its figures, and the cost step by step', () => {
    for (const series of reports.sample.series) {
      const text = flat(auditText(reports.sample, { ...plain, explain: series.number }))
      for (const one of series.occurrences) expect(text).toContain(flat(spanText(one.start, one.end, 'Europe/Berlin')))
      for (const basis of series.basis) expect(text).toContain(`rule ${basis.rule}`)
      for (const step of ['one meeting', 'these weeks', 'a week', 'a year']) expect(text).toContain(step)
    }
    const text = flat(auditText(reports.sample, { ...plain, explain: 1 }))
    expect(text).toContain('items 6 · status items 6')
    expect(text).toContain('Wed 28 Oct 2026, 10:00–10:45 · people met')
    expect(text).toContain('people met: At least two people were invited.')
  })

  test('explaining a number that is not there says which are', () => {
    expect(flat(auditText(reports.sample, { ...plain, explain: 99 }))).toContain(
      'There is no series 99 in this audit. Its numbers run from 1 to 13.',
    )
  })
})
