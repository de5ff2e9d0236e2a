import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { auditSections } from '../../src/domain/worth/types.ts'
import { parseAuditReport } from '../../src/views/audit-json.ts'
import { auditPage } from '../../src/views/audit-page.tsx'
import { readEmbeddedAudit } from '../../src/views/embedded-audit.ts'
import { pageColors, pageScript, pageScriptPin, pageStyle, pageStylePin } from '../../src/views/page-style.ts'
import { spanText } from '../../src/views/words.ts'
import { cannotSayReport, emptyReport, hostileReport, sampleReport } from '../support/sample-report.ts'

const all = { sampleReport, hostileReport, emptyReport, cannotSayReport }
const names = Object.keys(all) as (keyof typeof all)[]

/** The page without its two scripts and its style: what comes from the report and the templates. */
function bodyOf(html: string): string {
  return html.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '')
}

/** What a person reads. */
function textOf(html: string): string {
  return bodyOf(html)
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
}

describe('the page stands alone', () => {
  test('style and script stay within 8 and 4 KB', () => {
    expect(new TextEncoder().encode(pageStyle).length).toBeLessThanOrEqual(8192)
    expect(new TextEncoder().encode(pageScript).length).toBeLessThanOrEqual(4096)
  })

  test('its policy names exactly its own style and script', () => {
    const pin = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`
    expect(pageStylePin).toBe(pin(pageStyle))
    expect(pageScriptPin).toBe(pin(pageScript))
    const page = auditPage(sampleReport())
    expect(page).toContain('default-src &#39;none&#39;')
    expect(page).toContain(pageStylePin)
    expect(page).toContain(`<style>${pageStyle}</style>`)
    expect(page).toContain(`<script>${pageScript}</script>`)
  })

  test.each(names)('%s: nothing is loaded and nothing leads outside', name => {
    const tags = bodyOf(auditPage(all[name]())).match(/<[a-z][^>]*>/gi) ?? []
    for (const tag of tags) {
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\s(src|srcset|action|formaction|style|on\w+)=/i)
      if (/\shref=/.test(tag)) expect(tag).toMatch(/href="#[a-z-]+"/)
    }
    expect(pageStyle).not.toMatch(/url\(|@import|https?:/)
    expect(pageScript).not.toMatch(/fetch|https?:|innerHTML|eval/)
  })

  test('a hostile title adds no tag: the page has the same elements as with plain titles', () => {
    const plainTitles = (value: string) => value.replace(/[^ ]/g, 'x')
    const report = hostileReport()
    const tame = { ...report, series: report.series.map(one => ({ ...one, title: plainTitles(one.title) })) }
    const count = (html: string) => bodyOf(html).match(/<[a-z]+/g)?.length
    expect(count(auditPage(report))).toBe(count(auditPage(tame)))
    expect(auditPage(report).match(/<script/g)).toHaveLength(2)
    expect(bodyOf(auditPage(report))).not.toMatch(/<(img|b)\b[^>]*(onerror|>ana)/)
  })

  test('no control or direction character reaches the page', () => {
    const body = bodyOf(auditPage(hostileReport()))
    expect(body).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029\u061c]/)
    expect(body.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

describe('the page shows the whole report', () => {
  test('every series with its answer, its reasons, its figures and its meetings', () => {
    const report = sampleReport()
    const text = textOf(auditPage(report))
    for (const series of report.series) {
      for (const basis of series.basis) {
        expect(text).toContain(basis.sentence)
        expect(text).toContain(basis.rule)
      }
      for (const one of series.occurrences) expect(text).toContain(spanText(one.start, one.end, report.window.zone))
    }
    expect(text).toContain('items 6 · status items 6')
    expect(text).toContain('minutes per 4 weeks 180')
    for (const rule of report.counts.rules) expect(text).toContain(rule.sentence)
    for (const unknown of report.unknowns) expect(text).toContain(unknown.sentence)
    for (const rate of report.assumptions.rates) expect(text).toContain(rate.band)
  })

  test('each chart is an image with a title, a description and a table behind it', () => {
    const page = auditPage(sampleReport())
    const figures = page.match(/<figure>.*?<\/figure>/gs)?.filter(figure => figure.includes('<svg')) ?? []
    expect(figures).toHaveLength(3)
    for (const figure of figures) {
      expect(figure).toMatch(/<svg[^>]*role="img"[^>]*aria-labelledby="(chart-[a-z]+)-title"/)
      expect(figure).toMatch(/<title id="chart-[a-z]+-title">[^<]+<\/title><desc id="chart-[a-z]+-about">[^<]+<\/desc>/)
      expect(figure).toMatch(/<details>.*<table>.*<\/table>.*<\/details>/s)
    }
  })

  test('headings go down one step at a time and ids are used once', () => {
    for (const name of names) {
      const page = auditPage(all[name]())
      const levels = [...page.matchAll(/<h([1-6])/g)].map(match => Number(match[1]))
      expect(levels[0]).toBe(1)
      levels.forEach((level, index) => {
        expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
      })
      const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(match => match[1])
      expect(ids).toEqual([...new Set(ids)])
    }
  })

  test('a calendar without meetings and one that cannot be judged say so', () => {
    const empty = textOf(auditPage(emptyReport()))
    expect(empty).toContain('No entry of these weeks counted as a meeting')
    expect(empty).not.toMatch(/NaN|Infinity|undefined|€0/)
    const unjudged = textOf(auditPage(cannotSayReport()))
    expect(unjudged).toContain('There is too little in this calendar to judge any series by.')
    expect(unjudged).not.toContain('good shape')
  })

  test('an unknown cost is not shown as nothing', () => {
    expect(textOf(auditPage(sampleReport()))).toContain('People, a week not known')
  })
})

describe('the audit inside the page', () => {
  test.each(names)('%s comes out as it went in', name => {
    const report = all[name]()
    expect(parseAuditReport(readEmbeddedAudit(auditPage(report)))).toEqual(report)
  })

  test('its text can close no element and break no line', () => {
    const inside = /id="minutewise-audit">(.*?)<\/script>/s.exec(auditPage(hostileReport()))?.[1] ?? ''
    expect(inside.length).toBeGreaterThan(1000)
    expect(inside).not.toMatch(/[<>&\u2028\u2029]/)
  })

  test('any other file holds none', () => {
    expect(readEmbeddedAudit('<p>Hello</p>')).toBeNull()
    expect(readEmbeddedAudit('<script type="application/json" id="minutewise-audit">{')).toBeNull()
    expect(readEmbeddedAudit('<script type="application/json" id="minutewise-audit">{</script>')).toBeNull()
  })
})

describe('colours', () => {
  const backgrounds = ['paper', 'card'] as const
  const text = ['ink', 'soft', 'accent', 'try', 'improve', 'keep', 'nodata'] as const
  const marks = ['meeting', 'focus', 'fragment', 'accent'] as const
  const schemes = [
    ['light', 0],
    ['dark', 1],
  ] as const

  test.each(schemes)('text reaches 4.5:1 and chart marks 3:1 in %s', (_, scheme) => {
    for (const background of backgrounds) {
      const behind = pageColors[background][scheme]
      for (const role of text) expect(contrast(pageColors[role][scheme], behind)).toBeGreaterThanOrEqual(4.5)
      for (const role of marks) expect(contrast(pageColors[role][scheme], behind)).toBeGreaterThanOrEqual(3)
    }
  })

  test('the computation knows its ends', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#777777')).toBe(1)
  })

  test('every section has a tone of its own', () => {
    for (const section of auditSections) expect(pageStyle).toContain(`.${section}{--tone:`)
  })
})

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
