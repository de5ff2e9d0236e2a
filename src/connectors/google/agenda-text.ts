/**
 * Our part of an invitation's text: between two marks, which are words since Google takes comments out of HTML.
 * Everything around them is somebody else's and stays as it is, byte for byte. Pure.
 */
import { agendaEnd, agendaStart } from '../agenda-marks.ts'

/** Our text between the marks, as it was given; null when there is none. */
export function agendaIn(description: string): string | null {
  const place = placeOf(description)
  if (place === null) return null
  const text = description.slice(place.textFrom, place.textTo)
  return place.isHtml ? fromHtml(text) : text
}

/** The description with our text replaced, added below the rest, or (null) taken out with what stands between. */
export function withAgenda(description: string, text: string | null): string {
  const place = placeOf(description)
  const isHtml = looksLikeHtml(place ? description.slice(0, place.from) + description.slice(place.to) : description)
  const lineBreak = isHtml ? '<br>' : '\n'
  if (text === null) {
    if (!place) return description
    const gap = gaps.find(each => description.slice(0, place.from).endsWith(each)) ?? ''
    return description.slice(0, place.from - gap.length) + description.slice(place.to)
  }
  const block = [agendaStart, isHtml ? toHtml(text) : text, agendaEnd].join(lineBreak)
  if (place) return description.slice(0, place.from) + block + description.slice(place.to)
  return description === '' ? block : `${description}${lineBreak}${lineBreak}${block}`
}

/** A text with our own marks in it could not be found again. */
export function canBeMarked(text: string): boolean {
  return !text.includes(agendaStart) && !text.includes(agendaEnd)
}

/** What we put between the invitation and our text. */
const gaps: readonly string[] = ['<br><br>', '\n\n']

interface Place {
  readonly from: number
  readonly to: number
  readonly textFrom: number
  readonly textTo: number
  /** The line break behind the first mark says how the text was written. */
  readonly isHtml: boolean
}

/** The last complete pair of marks: a lone one is text that somebody left behind. */
function placeOf(description: string): Place | null {
  const end = description.lastIndexOf(agendaEnd)
  const from = end < 0 ? -1 : description.lastIndexOf(agendaStart, end)
  if (from < 0) return null
  const inner = description.slice(from + agendaStart.length, end)
  const before = /^(?:\r?\n|<br\s*\/?>)?/i.exec(inner)?.[0] ?? ''
  const after = /(?:\r?\n|<br\s*\/?>)?$/i.exec(inner.slice(before.length))?.[0] ?? ''
  return {
    from,
    to: end + agendaEnd.length,
    textFrom: from + agendaStart.length + before.length,
    textTo: end - after.length,
    isHtml: before.startsWith('<'),
  }
}

/** Google takes both and says nowhere which it is. */
function looksLikeHtml(text: string): boolean {
  return /<\/?(?:a|b|br|p|div|span|i|u|em|strong|ul|ol|li|html|h[1-6]|table)\b[^>]*>|&(?:nbsp|amp|lt|gt|quot|#\d+);/i.test(
    text,
  )
}

function toHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>')
}

function fromHtml(html: string): string {
  return html
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
