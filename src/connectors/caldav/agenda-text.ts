import { agendaStart as begin, agendaEnd as end } from '../agenda-marks.ts'
import { escapedText, ResourceText, unescapedText } from './resource-text.ts'

/** Our agenda text in an invitation; null when there is none. Undefined when the resource holds no event. */
export function agendaIn(text: string): string | null | undefined {
  const resource = new ResourceText(text)
  const event = resource.main()
  if (event === null) return undefined
  const found = between(resource.property(event, 'DESCRIPTION')?.value ?? '')
  return found === null ? null : unescapedText(found.ours)
}

/**
 * The resource with our text between our two markers at the end of its description, or without it (null). What else the
 * description says stays as it is written, escapes and all.
 */
export function withAgenda(text: string, agenda: string | null): string {
  const resource = new ResourceText(text)
  const event = resource.main()
  if (event === null) return text
  const property = resource.property(event, 'DESCRIPTION')
  const value = property?.value ?? ''
  const found = between(value)
  if (found === null && agenda === null) return text
  const ours = agenda === null ? '' : `${begin}${newLine}${escapedText(agenda)}${newLine}${end}`
  let next: string
  if (found !== null) {
    // two line ends were added with the text, and go with it
    const before = agenda === null ? withoutSuffix(found.before, gap) : found.before
    next = `${before}${ours}${found.after}`
  } else next = value === '' ? ours : `${value}${gap}${ours}`
  const isEmpty = next === '' && (property?.parameters ?? '') === ''
  resource.set(event, 'DESCRIPTION', isEmpty ? null : { parameters: property?.parameters ?? '', value: next })
  return resource.toString()
}

const newLine = '\\n'
const gap = `${newLine}${newLine}`

interface Found {
  readonly before: string
  readonly ours: string
  readonly after: string
}

function between(value: string): Found | null {
  const from = value.indexOf(begin)
  const to = from < 0 ? -1 : value.indexOf(end, from)
  if (to < 0) return null
  const inside = value.slice(from + begin.length, to)
  return {
    before: value.slice(0, from),
    ours: inside.replace(/^\\n/i, '').replace(/\\n$/i, ''),
    after: value.slice(to + end.length),
  }
}

function withoutSuffix(text: string, suffix: string): string {
  return text.toLowerCase().endsWith(suffix) ? text.slice(0, -suffix.length) : text
}
