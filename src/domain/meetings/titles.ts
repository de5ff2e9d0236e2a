/**
 * Titles for comparing: lower case, without accents, punctuation, reply and cancellation marks. Empty for no title.
 */
export function titleKey(title: string | null): string {
  if (title === null) return ''
  const read = shortened(title)
  return plainWords(withoutCancellation(read) ?? read).replace(/^(?:fwd?|aw|re|wg|tr|updated|invitation) /, '')
}

/** The same without numbers, dates and month names: "Sprint 34 review" and "Sprint 35 review" are one habit. */
export function habitKey(title: string | null): string {
  return titleKey(title).replace(dated, ' ').replace(/\s+/g, ' ').trim()
}

/**
 * The title without the mark that calendars and people put on a cancelled event, or null when it carries none.
 * Programs put a word of the reader's language and a colon in front, at times twice; people write CANCELLED in
 * capitals, in brackets, or behind a dash. "Canceled orders review" is a meeting about orders.
 */
export function withoutCancellation(title: string): string | null {
  const read = shortened(title).trim()
  // One cheap look, since nearly every title passes here.
  if (!mayBeCancelled.test(read)) return null
  let rest = read
  for (const mark of marks) {
    for (let next = rest.replace(mark, ''); next !== rest; next = rest.replace(mark, '')) rest = next.trim()
  }
  return rest === read ? null : rest
}

/** So much of a title is read: a made-up one of megabytes costs no more than a long one. */
const longestTitle = 300

/** A title as far as it is read by rules and comparisons. */
export function shortened(title: string): string {
  return title.length > longestTitle ? title.slice(0, longestTitle) : title
}

const words =
  'cancel(?:l?ed|ado|ada|lat)|abgesagt|storniert|annul(?:é|ée|és|lato|lata|lert|at|ado)|anulad[oa]|anulat|anulowan[oey]|odwołan[oey]|geannuleerd|inställt|inställd|avbokad|aflyst|avlyst|peruutettu|peruttu|zrušeno|zrušené|lemondva|törölve|iptal(?: edildi)?|отменено|отменена|скасовано|ακυρώθηκε|otkazano|odpovedano|キャンセル(?:済み)?|取り消し|中止|已取消|取消|취소됨|취소'
const loudWords = 'CANCELL?ED|ABGESAGT|ANNUL[ÉE]E?|CANCELAD[OA]|ANNULLAT[OA]|GEANNULEERD|ODWOŁANE'
const mayBeCancelled = new RegExp(`cancel|${words}`, 'iu')
const marks = [
  // A program's mark: the word, then a colon (French puts a blank before it, Japanese a wide one).
  new RegExp(`^(?:${words})\\s*[:：]\\s*`, 'iu'),
  // A person's mark in front: in brackets, before a dash, or in capitals before a title that is not.
  new RegExp(`^[[(【](?:${words})[\\])】]\\s*[:：-]?\\s*`, 'iu'),
  new RegExp(`^(?:${words})\\s+[-–—]+\\s*`, 'iu'),
  new RegExp(`^(?:${loudWords})[!*]*\\s+(?=.*\\p{Ll})`, 'u'),
  // A person's mark behind.
  new RegExp(`\\s*[[(【][^\\])】]{0,24}(?:${words})[\\])】]$`, 'iu'),
  new RegExp(`\\s+[-–—]+\\s*(?:${words})(?:\\s+(?:today|tonight|for \\w+))?$`, 'iu'),
  new RegExp(`(?<=\\p{Ll}.*)\\s+(?:${loudWords})[!*]*$`, 'u'),
  new RegExp(`^(?:${words})$`, 'iu'),
]

/** Words in lower case with single blanks between, accents and punctuation gone. */
export function plainWords(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const dated =
  /\b(?:\d+(?:st|nd|rd|th)?|q[1-4]|h[12]|w\d+|kw|(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?)\b/g
