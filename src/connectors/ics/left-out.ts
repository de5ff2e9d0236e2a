import type { LeftOut, LeftOutCode } from '../calendar-read.ts'

/** Counts what could not be read and puts it into words; no text of an event ever gets in. */
export class LeftOutCounts {
  readonly #counts = new Map<CountedCode, number>()
  readonly #said: LeftOut[] = []

  add(code: CountedCode): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
  }

  say(code: LeftOutCode, count: number, sentence: string): void {
    this.#said.push({ code, count, sentence })
  }

  all(): LeftOut[] {
    const counted = [...this.#counts].map(([code, count]) => ({ code, count, sentence: sentences[code](count) }))
    return [...counted, ...this.#said]
  }
}

type CountedCode = keyof typeof sentences

const events = (count: number) => (count === 1 ? '1 event' : `${count} events`)

const sentences = {
  'truncated-file': () =>
    'The file ends before its calendar does (no END:VCALENDAR): it was cut off. What came before was read; export it again.',
  'line-too-long': (count: number) =>
    `${count === 1 ? 'A line is' : `${count} lines are`} longer than 1 MB; the beginning was read and the rest left out.`,
  'nested-too-deep': (count: number) =>
    `Components nested deeper than 16 levels were passed over (${count === 1 ? 'in one place' : `in ${count} places`}).`,
  'too-many-properties': (count: number) =>
    `${events(count)} with more properties than any calendar writes (10,000, 1,000 categories, 20,000 additional dates or 2,000,000 excluded ones); the rest of them was left out.`,
  'too-many-attendees': (count: number) =>
    `${events(count)} with more than 2,000 attendees; the first 2,000 were read, so headcounts are lower bounds.`,
  'event-without-start': (count: number) =>
    `${events(count)} without a readable start; nothing says when they take place, so they were left out.`,
  'event-without-end': (count: number) =>
    `${events(count)} broken off before END:VEVENT; what is missing is unknown, so they were left out.`,
  'event-without-uid': (count: number) =>
    `${events(count)} without a UID; one was made from start and title, so copies on other calendars may not be recognised.`,
  'end-before-start': (count: number) => `${events(count)} ending before the start; read as having no length.`,
  'bad-date': (count: number) =>
    `${count === 1 ? 'A date or duration' : `${count} dates or durations`} could not be read and ${count === 1 ? 'was' : 'were'} left out.`,
  'bad-rule': (count: number) =>
    `${count === 1 ? 'A recurrence rule' : `${count} recurrence rules`} could not be followed; of such a series only the first meeting and listed dates were read.`,
  'duplicate-event': (count: number) =>
    `${count === 1 ? 'An event stands' : `${count} events stand`} in the file more than once; the latest version was read.`,
  'other-component': (count: number) =>
    `${count === 1 ? 'A to-do, journal or free/busy entry is' : `${count} to-dos, journal or free/busy entries are`} no event and ${count === 1 ? 'was' : 'were'} left out.`,
} satisfies Partial<Record<LeftOutCode, (count: number) => string>>

/** What several readings left out, as of one: counts add up, and where a sentence tells the count it is made anew. */
export function addedUp(parts: readonly LeftOut[]): LeftOut[] {
  const totals = new Map<LeftOutCode, LeftOut>()
  for (const { code, count, sentence } of parts) {
    const before = totals.get(code)
    const total = count + (before?.count ?? 0)
    const counted = Object.entries(sentences).find(([name]) => name === code)?.[1]
    totals.set(code, { code, count: total, sentence: counted?.(total) ?? before?.sentence ?? sentence })
  }
  return [...totals.values()]
}
