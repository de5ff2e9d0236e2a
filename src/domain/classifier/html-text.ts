/** True when a description is HTML, as Outlook and Google Calendar write it, and not text with a stray "<". */
export function looksLikeHtml(text: string): boolean {
  let at = text.indexOf('<')
  for (let tries = 0; at >= 0 && tries < 50; tries++) {
    if (htmlTags.has(tagName(text, at))) return true
    at = text.indexOf('<', at + 1)
  }
  return false
}

/**
 * HTML to lines of text: blocks become lines, list points become "- " with their depth as indentation, entities their
 * characters. Nothing is executed or kept of scripts, styles and comments. Linear: every search is remembered when it
 * fails, so a text of a million "<" costs one pass.
 */
export function htmlToText(html: string): string {
  const parts: string[] = []
  let depth = 0
  let at = 0
  let noMoreTags = false
  const unclosed = new Set<string>()
  while (at < html.length) {
    const open = noMoreTags ? -1 : html.indexOf('<', at)
    if (open < 0) {
      parts.push(plain(html.slice(at)))
      break
    }
    if (open > at) parts.push(plain(html.slice(at, open)))
    if (html.startsWith('<!--', open)) {
      at = skipPast(html, '-->', open + 4, unclosed)
      continue
    }
    const name = tagName(html, open)
    const end = html.indexOf('>', open + 1)
    if (end < 0) {
      noMoreTags = true
      parts.push(plain(html.slice(open)))
      break
    }
    // "a < b" and "<ana@example.com>" are text.
    if (name === '') {
      parts.push('<')
      at = open + 1
      continue
    }
    at = end + 1
    const closing = html.charCodeAt(open + 1) === 47
    if ((name === 'script' || name === 'style') && !closing) {
      at = skipPast(html, `</${name}>`, at, unclosed)
      continue
    }
    if (name === 'ul' || name === 'ol') {
      depth = Math.max(0, Math.min(8, depth + (closing ? -1 : 1)))
      parts.push('\n')
    } else if (name === 'li') parts.push(closing ? '\n' : `\n${'  '.repeat(Math.max(0, depth - 1))}- `)
    else if (headingTags.has(name)) parts.push(closing ? '\n' : '\n# ')
    else if (name === 'td' || name === 'th') parts.push(' ')
    else if (blockTags.has(name)) parts.push('\n')
  }
  return parts.join('')
}

const headingTags = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
const blockTags = new Set([
  'br',
  'p',
  'div',
  'tr',
  'table',
  'blockquote',
  'section',
  'article',
  'header',
  'footer',
  'hr',
  'pre',
  'body',
  'title',
])
const inlineTags = [
  'span',
  'b',
  'i',
  'u',
  'a',
  'strong',
  'em',
  'font',
  'html',
  'html-blob',
  'head',
  'meta',
  'img',
  'style',
  'script',
  'code',
  's',
  'o:p',
  'tbody',
  'thead',
  'center',
  'small',
  'sub',
  'sup',
  'link',
  'label',
]
const htmlTags = new Set([...headingTags, ...blockTags, ...inlineTags, 'ul', 'ol', 'li', 'td', 'th'])

/** Lower-case name of the tag that opens or closes at `at`; empty when there is none. */
function tagName(html: string, at: number): string {
  let from = at + 1
  if (html.charCodeAt(from) === 47) from++
  let end = from
  while (end < html.length && end - from < 12) {
    const code = html.charCodeAt(end)
    const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
    const later = end > from && ((code >= 48 && code <= 57) || code === 45 || code === 58)
    if (!letter && !later) break
    end++
  }
  const after = html.charCodeAt(end)
  const ends = after === 62 || after === 32 || after === 47 || after === 10 || after === 13 || after === 9
  if (!ends) return ''
  const name = html.slice(from, end).toLowerCase()
  return name.endsWith('-') ? name.slice(0, -1) : name
}

function skipPast(html: string, end: string, from: number, unclosed: Set<string>): number {
  if (unclosed.has(end)) return from
  const at = html.indexOf(end, from)
  const upper = at < 0 ? html.indexOf(end.toUpperCase(), from) : at
  if (upper >= 0) return upper + end.length
  unclosed.add(end)
  return from
}

/** Text between tags: line breaks of the source are spaces, entities become characters. */
function plain(text: string): string {
  const flat = text.includes('\n') || text.includes('\r') ? text.replaceAll('\r', '').replaceAll('\n', ' ') : text
  return flat.includes('&') ? decodeEntities(flat) : flat
}

const namedEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  middot: '·',
  bull: '•',
  hellip: '…',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
  laquo: '«',
  raquo: '»',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  agrave: 'à',
  aacute: 'á',
  acirc: 'â',
  atilde: 'ã',
  ccedil: 'ç',
  iacute: 'í',
  oacute: 'ó',
  ocirc: 'ô',
  otilde: 'õ',
  uacute: 'ú',
  ugrave: 'ù',
  ntilde: 'ñ',
  icirc: 'î',
  iuml: 'ï',
  Eacute: 'É',
  Agrave: 'À',
  oslash: 'ø',
  aring: 'å',
  euro: '€',
  copy: '©',
  reg: '®',
  emsp: ' ',
  ensp: ' ',
  thinsp: ' ',
  rarr: '→',
}

function decodeEntities(text: string): string {
  const parts: string[] = []
  let at = 0
  for (;;) {
    const amp = text.indexOf('&', at)
    if (amp < 0) break
    parts.push(text.slice(at, amp))
    let end = amp + 1
    while (end < text.length && end - amp < 10 && text.charCodeAt(end) !== 59 && text.charCodeAt(end) > 34) end++
    const character = text.charCodeAt(end) === 59 ? entity(text.slice(amp + 1, end)) : null
    parts.push(character ?? '&')
    at = character === null ? amp + 1 : end + 1
  }
  parts.push(text.slice(at))
  return parts.join('')
}

function entity(name: string): string | null {
  if (name.charCodeAt(0) !== 35) return Object.hasOwn(namedEntities, name) ? namedEntities[name]! : null
  const hex = (name.charCodeAt(1) | 32) === 120
  const digits = name.slice(hex ? 2 : 1)
  for (const digit of digits) if (!'0123456789abcdefABCDEF'.includes(digit)) return null
  const code = Number.parseInt(digits, hex ? 16 : 10)
  if (!(code >= 9 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) return null
  return code === 0xa0 ? ' ' : String.fromCodePoint(code)
}
