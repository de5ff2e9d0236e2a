import { jsonText } from './json-text.ts'

const opening = '<script type="application/json" id="minutewise-audit">'
const closing = '</script>'

/** The element that holds an audit inside its page. Its JSON can end neither the element nor a line of JavaScript. */
export function embeddedAudit(report: { readonly schema: string }): string {
  const json = jsonText(report).replace(/[<>&]/g, unsafe => {
    return `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return opening + json + closing
}

/** The audit inside a page made by `auditPage`, still unchecked; null when there is none. */
export function readEmbeddedAudit(html: string): unknown | null {
  const from = html.indexOf(opening)
  const to = html.indexOf(closing, from)
  if (from < 0 || to < 0) return null
  try {
    return JSON.parse(html.slice(from + opening.length, to))
  } catch {
    return null
  }
}
