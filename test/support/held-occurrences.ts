import type { Interval } from '../../src/domain/time/types.ts'
import type { EventMoment } from '../fakes/google/event-time.ts'
import type { GoogleFake } from '../fakes/google/google-fake.ts'
import type { GraphFake } from '../fakes/graph/graph-fake.ts'
import { runCommand } from './live-command.ts'

/**
 * Occurrences as lines that compare: `start end title`, those that start in the window, on all calendars of a service. A
 * private one has no title.
 */
export type HeldOccurrences = readonly string[]

/** From the fake's own memory, by its own expansion of series. */
export function heldByGoogle(google: GoogleFake, window: Interval): HeldOccurrences {
  return [...google.calendars.values()]
    .filter(({ isDeleted }) => !isDeleted)
    .flatMap(calendar =>
      calendar.occurrences(window).flatMap(event => {
        const master = event.masterId === null ? null : calendar.find(event.masterId)
        // as the owner is told it: a private occurrence of an open series is private alone
        const isPrivate = [event, master].some(each => each?.resource.visibility === 'private')
        const title = isPrivate ? null : event.resource.summary
        return lineOf(momentText(event.start), momentText(event.end), title, window)
      }),
    )
}

/** From the mailboxes themselves. */
export function heldByGraph(graph: GraphFake, addresses: readonly string[], window: Interval): HeldOccurrences {
  return addresses.flatMap(address => {
    const items = graph.mailbox(address).truth(window)
    // an occurrence of a private series is private, whatever is said of it alone
    const isPrivate = new Set(
      items.flatMap(({ id, seriesMasterId, sensitivity }) => (sensitivity === 'normal' ? [] : [seriesMasterId ?? id])),
    )
    return items.flatMap(({ id, seriesMasterId, startAt, endAt, isAllDay, subject }) => {
      const text = (at: number) => (isAllDay ? new Date(at).toISOString().slice(0, 10) : instantText(at))
      return lineOf(text(startAt), text(endAt), isPrivate.has(seriesMasterId ?? id) ? null : subject, window)
    })
  })
}

/** What `minutewise read` says of files, or of `--db FILE`. */
export async function heldAsRead(
  from: readonly string[],
  { startAt, endAt }: Interval,
  env: Readonly<Record<string, string>> = {},
): Promise<HeldOccurrences> {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const args = ['read', ...from, '--zone', 'UTC', '--from', day(startAt), '--to', day(endAt), '--json']
  const { code, out, err } = await runCommand(args, { env })
  if (code !== 0) throw new Error(err)
  // Safe because it is the published shape minutewise/read/1.
  const { occurrences } = JSON.parse(out) as {
    readonly occurrences: readonly { readonly start: string; readonly end: string; readonly title: string | null }[]
  }
  return occurrences.flatMap(({ start, end, title }) => lineOf(start, end, title, { startAt, endAt }))
}

/** As many of `all` as `others` does not have. */
export function without(all: HeldOccurrences, others: HeldOccurrences): HeldOccurrences {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1)
  return all.filter(line => {
    const left = counts.get(line) ?? 0
    counts.set(line, left - 1)
    return left <= 0
  })
}

function lineOf(start: string, end: string, title: string | null | undefined, window: Interval): readonly string[] {
  const at = Date.parse(start)
  return at >= window.startAt && at < window.endAt ? [`${start} ${end} ${title || null}`] : []
}

const instantText = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')
const momentText = (moment: EventMoment) => (moment.kind === 'date' ? moment.on : instantText(moment.at))
