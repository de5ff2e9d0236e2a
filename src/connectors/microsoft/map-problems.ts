import type { LeftOut, LeftOutCode, ZoneResolution } from '../calendar-read.ts'
import { guessSentences, privateZoneName, type ResolvedZone } from '../ics/zones.ts'

/** Counts what could not be read as it stood, and puts it into words; no text of an event gets in. */
export class MapProblems {
  readonly #counts = new Map<CountedCode, number>()
  readonly #guesses = new Map<string, ZoneResolution>()

  count(code: CountedCode): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
  }

  /** A zone had to be guessed; the name that a private event uses is its own affair. */
  guessed(tzid: string, { zone, source }: ResolvedZone, isPrivate: boolean): void {
    const name = isPrivate && tzid !== '' ? privateZoneName : tzid
    const events = (this.#guesses.get(`${name}\n${zone.name}`)?.events ?? 0) + 1
    this.#guesses.set(`${name}\n${zone.name}`, { tzid: name, zone: zone.name, source, events })
  }

  all(): readonly LeftOut[] {
    const counted = [...this.#counts].map(([code, count]): LeftOut => {
      return { code, count, sentence: sentences[code](count === 1 ? '1 event' : `${count} events`) }
    })
    const guesses = [...this.#guesses.values()].sort((a, b) => b.events - a.events)
    return [
      ...counted,
      ...guessSentences(guesses).map(({ count, sentence }): LeftOut => ({ code: 'zone-guessed', count, sentence })),
    ]
  }
}

type CountedCode = keyof typeof sentences

const sentences = {
  'event-without-start': (events: string) =>
    `${events} without a readable start or without a series; nothing says when they take place, so they were left out.`,
  'event-without-end': (events: string) => `${events} without a readable end; read as having no length.`,
  'end-before-start': (events: string) => `${events} ending before the start; read as having no length.`,
  'event-without-uid': (events: string) =>
    `${events} without a UID; one was made from the provider’s id, so copies on other calendars may not be recognised.`,
  'text-cut': (events: string) => `${events} with an agenda of more than 20,000 characters; its beginning was read.`,
  'too-many-attendees': (events: string) =>
    `${events} with more than 2,000 attendees; the first 2,000 were read, so headcounts are lower bounds.`,
  'other-component': (events: string) =>
    `${events} of a kind that is newer than this Minutewise; kept, and counted as no meeting of a known kind.`,
} satisfies Partial<Record<LeftOutCode, (events: string) => string>>
