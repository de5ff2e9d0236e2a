/**
 * Our agenda text inside the HTML of an invitation: two visible lines that say what stands between them. Exchange cleans
 * the HTML it stores: comments, ids and classes do not come back, text does. Pure.
 */
import { agendaEnd, agendaStart } from '../agenda-marks.ts'

/** What stands between our lines, as text; null when they are not there. */
export function agendaIn(html: string): string | null {
  const found = blockIn(html)
  if (found === null) return null
  return textOfHtml(html.slice(found.innerFrom, found.innerTo))
}

/**
 * The invitation with our text (null: without it). A block that is there is replaced where it stands; a new one comes
 * first in the body, so that what others add at its end (a Teams meeting's join text) stays the end. Everything outside
 * of the block stays as it is, to the letter.
 */
export function withAgenda(html: string, text: string | null): string {
  const found = blockIn(html)
  const block = text === null ? '' : blockOf(text)
  if (found !== null) return html.slice(0, found.from) + block + html.slice(found.to)
  if (block === '') return html
  const body = /<body\b[^>]*>/i.exec(html)
  const at = body === null ? 0 : body.index + body[0].length
  return html.slice(0, at) + block + html.slice(at)
}

function blockOf(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).map(escaped)
  return `<div>${escaped(agendaStart)}</div><div>${lines.join('<br>')}</div><div>${escaped(agendaEnd)}</div>`
}

interface FoundBlock {
  readonly from: number
  readonly to: number
  readonly innerFrom: number
  readonly innerTo: number
}

function blockIn(html: string): FoundBlock | null {
  const first = lineIn(html, agendaStart, 0)
  if (first === null) return null
  const last = lineIn(html, agendaEnd, first.to)
  return last === null ? null : { from: first.from, to: last.to, innerFrom: first.to, innerTo: last.from }
}

/** A line of ours with the elements around it that hold nothing else. */
function lineIn(html: string, line: string, after: number): { readonly from: number; readonly to: number } | null {
  const match = linePattern(line).exec(html.slice(after))
  if (match === null) return null
  let from = after + match.index
  let to = from + match[0].length
  for (;;) {
    const opened = /<(div|p|span|b|i|font|strong|em)\b[^<>]*>\s*$/i.exec(
      html.slice(Math.max(0, from - longestTag), from),
    )
    const closed = /^\s*<\/(div|p|span|b|i|font|strong|em)\s*>/i.exec(html.slice(to, to + longestTag))
    if (opened === null || closed === null || opened[1]!.toLowerCase() !== closed[1]!.toLowerCase()) return { from, to }
    from -= opened[0].length
    to += closed[0].length
  }
}

const longestTag = 500

/** However the blanks came back: as characters, as entities, as no-break spaces. */
function linePattern(line: string): RegExp {
  const blank = '(?:\\s|&nbsp;|&#160;|\\u00a0)+'
  const words = line.split(' ').map(word => word.replace(/[[\]]/g, '\\$&'))
  return new RegExp(words.join(blank), 'i')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function textOfHtml(html: string): string {
  return decoded(
    html
      // line ends in the source are where a server wrapped it
      .replace(/\s*[\r\n]+\s*/g, ' ')
      .replace(/<br\s*\/?>\s?/gi, '\n')
      .replace(/<\/(?:div|p)\s*>\s*<(?:div|p)\b[^>]*>/gi, '\n')
      .replace(/<[^>]*>/g, ''),
  ).trim()
}

function decoded(text: string): string {
  return text.replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities.get(name.toLowerCase()) ?? whole
    const point = name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['mdash', '\u2014'],
  ['ndash', '\u2013'],
  ['hellip', '\u2026'],
  ['rsquo', '\u2019'],
  ['lsquo', '\u2018'],
  ['ldquo', '\u201c'],
  ['rdquo', '\u201d'],
  ['bull', '\u2022'],
])
