import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Interval, weekMs } from '../../src/domain/time/types.ts'
import type { EventMoment } from '../fakes/google/event-time.ts'
import { type CommandRun, runCommand } from '../support/live-command.ts'
import { type DemoWorld, nuria } from './world.ts'

/** What the database and the services say of the same weeks. */
export interface Comparison {
  readonly occurrences: number
  /** Held by a service and not in the database. */
  readonly missing: readonly string[]
  /** In the database and held by no service. */
  readonly tooMuch: readonly string[]
}

/** Another database, with these mailboxes alone in it. */
export interface SomeMailboxes {
  readonly database: string
  readonly mailboxes: readonly string[]
}

/**
 * Every occurrence of half a year back and two months ahead as the services hold it, against `minutewise read --db`.
 * The fakes answer from their own memory, not over HTTP; what is a file (CalDAV, the feed) is read as a file.
 */
export async function compared(world: DemoWorld, some: SomeMailboxes | null = null): Promise<Comparison> {
  const window = weeksAround(Date.now())
  const { database, mailboxes } = some ?? world
  const inDatabase = rowsIn(await read(world, ['--db', database], window), window)
  const inMailboxes = graphRows(world, mailboxes, window)
  const held =
    some === null ? [...googleRows(world, window), ...inMailboxes, ...(await fileRows(world, window))] : inMailboxes
  return { occurrences: held.length, missing: without(held, inDatabase), tooMuch: without(inDatabase, held) }
}

function weeksAround(now: number): Interval {
  const today = Math.floor(now / weekMs) * weekMs
  return { startAt: today - 26 * weekMs, endAt: today + 8 * weekMs }
}

function googleRows({ google }: DemoWorld, window: Interval): readonly string[] {
  return [...google.calendars.values()]
    .filter(({ isDeleted }) => !isDeleted)
    .flatMap(calendar =>
      calendar
        .occurrences(window)
        .filter(({ start }) => isInside(momentText(start), window))
        .map(event =>
          rowOf(
            momentText(event.start),
            momentText(event.end),
            calendar.isPrivate(event) ? null : event.resource.summary,
          ),
        ),
    )
}

function graphRows({ graph }: DemoWorld, mailboxes: readonly string[], window: Interval): readonly string[] {
  return mailboxes.flatMap(address => {
    const items = graph.mailbox(address).truth(window)
    // an occurrence of a private series is private, whatever is said of it alone
    const isPrivate = new Set(
      items.flatMap(({ id, seriesMasterId, sensitivity }) => (sensitivity === 'normal' ? [] : [seriesMasterId ?? id])),
    )
    return items
      .map(({ id, seriesMasterId, startAt, endAt, isAllDay, subject }) => {
        const text = (at: number) => (isAllDay ? new Date(at).toISOString().slice(0, 10) : instantText(at))
        return { start: text(startAt), end: text(endAt), title: isPrivate.has(seriesMasterId ?? id) ? null : subject }
      })
      .filter(({ start }) => isInside(start, window))
      .map(({ start, end, title }) => rowOf(start, end, title))
  })
}

async function fileRows(world: DemoWorld, window: Interval): Promise<readonly string[]> {
  const folder = join(world.folder, 'held')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const { hand, calendar } = world.claire
  const resources = await Promise.all((await hand.list(calendar)).map(path => hand.get(path)))
  const paths = [...resources.map(resource => resource?.text ?? ''), world.harriet.text].map((text, index) => {
    const path = join(folder, `${index}.ics`)
    writeFileSync(path, text)
    return path
  })
  return rowsIn(await read(world, paths, window), window)
}

async function read(world: DemoWorld, from: readonly string[], { startAt, endAt }: Interval): Promise<CommandRun> {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const when = ['--zone', 'UTC', '--from', day(startAt), '--to', day(endAt), '--me', nuria]
  const run = await runCommand(['read', ...from, ...when, '--json'], { env: world.env })
  if (run.code !== 0) throw new Error(run.err)
  return run
}

function rowsIn({ out }: CommandRun, window: Interval): readonly string[] {
  // Safe because it is the published shape minutewise/read/1.
  const { occurrences } = JSON.parse(out) as {
    readonly occurrences: readonly { readonly start: string; readonly end: string; readonly title: string | null }[]
  }
  return occurrences
    .filter(({ start }) => isInside(start, window))
    .map(({ start, end, title }) => rowOf(start, end, title))
}

const rowOf = (start: string, end: string, title: string | null | undefined) =>
  `${start} ${end} ${title === undefined || title === '' ? null : title}`

const isInside = (start: string, { startAt, endAt }: Interval) =>
  Date.parse(start) >= startAt && Date.parse(start) < endAt

const instantText = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')

const momentText = (moment: EventMoment) => (moment.kind === 'date' ? moment.on : instantText(moment.at))

/** As many of `all` as `others` does not have. */
function without(all: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1)
  return all.filter(row => {
    const left = counts.get(row) ?? 0
    counts.set(row, left - 1)
    return left <= 0
  })
}
