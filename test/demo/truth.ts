import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Interval, weekMs } from '../../src/domain/time/types.ts'
import { type HeldOccurrences, heldAsRead, heldByGoogle, heldByGraph, without } from '../support/held-occurrences.ts'
import type { DemoWorld } from './world.ts'

/** What the database and the services say of the same weeks. */
export interface Comparison {
  readonly occurrences: number
  /** Held by a service and not in the database. */
  readonly missing: HeldOccurrences
  /** In the database and held by no service. */
  readonly tooMuch: HeldOccurrences
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
  const inDatabase = await heldAsRead(['--db', database], window)
  const inMailboxes = heldByGraph(world.graph, mailboxes, window)
  const held =
    some === null
      ? [...heldByGoogle(world.google, window), ...inMailboxes, ...(await heldInFiles(world, window))]
      : inMailboxes
  return { occurrences: held.length, missing: without(held, inDatabase), tooMuch: without(inDatabase, held) }
}

function weeksAround(now: number): Interval {
  const today = Math.floor(now / weekMs) * weekMs
  return { startAt: today - 26 * weekMs, endAt: today + 8 * weekMs }
}

async function heldInFiles(world: DemoWorld, window: Interval): Promise<HeldOccurrences> {
  const folder = join(world.folder, 'held')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const { hand, calendar } = world.claire
  const resources = await Promise.all((await hand.list(calendar)).map(path => hand.get(path)))
  for (const [index, text] of [...resources.map(resource => resource?.text ?? ''), world.harriet.text].entries()) {
    writeFileSync(join(folder, `${index}.ics`), text)
  }
  return await heldAsRead([folder], window)
}
