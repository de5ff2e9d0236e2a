import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { dayMs, hourMs, type Interval } from '../../src/domain/time/types.ts'
import { GoogleError } from '../fakes/google/google-error.ts'
import { createGoogleFake, fakeClient, type GoogleFake } from '../fakes/google/google-fake.ts'
import { type Seed, seedOf } from '../fakes/google/seed.ts'
import { createGraphFake, defaultApp, type GraphFake } from '../fakes/graph/graph-fake.ts'
import { type RequestJournal, serve } from '../fakes/kit/serve.ts'
import { type HeldOccurrences, heldByGoogle, heldByGraph } from '../support/held-occurrences.ts'
import { type CommandRun, runCommand } from '../support/live-command.ts'

export const ana = 'ana@lamps.example'

/** Google and Microsoft with Ana's calendar on each, served here; connected to a database in a folder of its own. */
export interface ChangingServices {
  readonly google: GoogleFake
  readonly graph: GraphFake
  readonly journals: { readonly google: RequestJournal; readonly graph: RequestJournal }
  readonly folder: string
  readonly database: string
  readonly env: Readonly<Record<string, string>>
  readonly window: Interval
  readonly random: Seed
  readonly clientFile: string
  connect(what?: readonly ('google' | 'microsoft')[]): Promise<readonly CommandRun[]>
  /** Somebody changes something, on one of the calendars. */
  change(): void
  /** Requests so far, to both. */
  asked(): number
  /** Of those, the ones for pages of events. */
  pagesAsked(): number
  held(): HeldOccurrences
  close(): Promise<void>
}

export async function changingServices(seed: number, pageSize: number): Promise<ChangingServices> {
  const random = seedOf(seed)
  const folder = mkdtempSync(join(tmpdir(), 'minutewise-services-'))
  const google = createGoogleFake({ clock: systemClock, seed, settings: { pageSize } })
  google.addUser({ address: ana, timeZone: 'Europe/Madrid' })
  const graph = createGraphFake({ clock: systemClock })
  graph.addUser({ address: ana, zone: 'Romance Standard Time' })
  const onGoogle = await serve(google, google.faults)
  const onGraph = await serve(graph, graph.faults)
  const today = Math.floor(Date.now() / dayMs) * dayMs
  const window = { startAt: today - 60 * dayMs, endAt: today + 60 * dayMs }
  const clientFile = join(folder, 'client_secret.json')
  const { id, secret } = fakeClient
  const installed = { client_id: id, client_secret: secret, redirect_uris: ['http://localhost'] }
  writeFileSync(clientFile, JSON.stringify({ installed }))
  const database = join(folder, 'minutewise.db')
  const env = {
    MINUTEWISE_GOOGLE_ROOT: onGoogle.url,
    MINUTEWISE_GOOGLE_TOKEN_URL: `${onGoogle.url}token`,
    MINUTEWISE_GOOGLE_REVOKE_URL: `${onGoogle.url}revoke`,
    MINUTEWISE_GOOGLE_AUTH_URL: `${onGoogle.url}o/oauth2/v2/auth`,
    MINUTEWISE_GRAPH_ROOT: onGraph.url,
    MINUTEWISE_GRAPH_LOGIN_ROOT: onGraph.url,
    MINUTEWISE_DB: database,
  }
  let titles = 0
  const title = () => `Meeting ${++titles}`
  return {
    google,
    graph,
    journals: { google: onGoogle.journal, graph: onGraph.journal },
    folder,
    database,
    env,
    window,
    random,
    clientFile,
    async connect(what = ['google', 'microsoft']) {
      const runs: CommandRun[] = []
      for (const each of what) {
        const client = each === 'google' ? ['--client', clientFile] : ['--client-id', defaultApp.clientId]
        runs.push(await runCommand(['connect', each, ana, ...client, '--no-browser'], { env, consents: true }))
      }
      return runs
    },
    change() {
      const at = today + Math.floor(random.next() * 100 - 50) * dayMs + (8 + Math.floor(random.next() * 9)) * hourMs
      if (random.next() < 0.5) changeGoogle(google, random, title(), at)
      else changeGraph(graph, random, title(), at)
    },
    asked: () => onGoogle.journal.requests.length + onGraph.journal.requests.length,
    pagesAsked: () => onGoogle.journal.count(/\/events\?/) + onGraph.journal.count('/calendarView/delta'),
    held: () => [...heldByGoogle(google, window), ...heldByGraph(graph, [ana], window)],
    async close() {
      await onGoogle.close()
      await onGraph.close()
      rmSync(folder, { recursive: true, force: true })
      if (google.violations.length > 0) throw new Error(google.violations.join('\n'))
    },
  }
}

function changeGoogle(google: GoogleFake, random: Seed, title: string, at: number): void {
  const { calendar } = google.user(ana)
  const time = (instant: number) => ({ dateTime: new Date(instant).toISOString(), timeZone: 'Europe/Madrid' })
  const times = { start: time(at), end: time(at + hourMs) }
  const all = calendar.truth()
  const event = all[Math.floor(random.next() * all.length)]
  const occurrence = calendar.occurrences({ startAt: at - 7 * dayMs, endAt: at + 7 * dayMs })[0]
  const what = random.next()
  try {
    if (event === undefined || what < 0.35) calendar.insert({ ...times, summary: title })
    else if (what < 0.5) calendar.insert({ ...times, summary: title, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8'] })
    else if (what < 0.6) calendar.patch(event.id, { summary: title })
    else if (what < 0.7 && occurrence !== undefined) calendar.patch(occurrence.id, times)
    else if (what < 0.8 && occurrence !== undefined) calendar.delete(occurrence.id)
    else if (what < 0.85) calendar.setVisibility(event.id, 'private')
    else calendar.delete(event.id)
  } catch (error) {
    // what the service would refuse changes nothing
    if (!(error instanceof GoogleError)) throw error
  }
}

function changeGraph(graph: GraphFake, random: Seed, subject: string, at: number): void {
  const mailbox = graph.mailbox(ana)
  const times = { start: at, end: at + hourMs }
  const keys = mailbox.keys()
  const key = keys[Math.floor(random.next() * keys.length)]
  const what = random.next()
  if (key === undefined || what < 0.35) return void mailbox.create({ ...times, subject })
  if (what < 0.5) {
    const pattern = { type: 'weekly', daysOfWeek: ['monday', 'thursday'] } as const
    const range = { type: 'numbered', numberOfOccurrences: 8 } as const
    return void mailbox.createSeries({
      ...times,
      subject,
      pattern: { ...pattern, daysOfWeek: ['monday', 'thursday'] },
      range,
    })
  }
  const on = mailbox.dates(key, { startAt: at - 60 * dayMs, endAt: at + 60 * dayMs })[0]
  if (what < 0.6) mailbox.patch(key, { subject })
  else if (what < 0.7 && on !== undefined) mailbox.moveOccurrence(key, on, times)
  else if (what < 0.8 && on !== undefined) mailbox.deleteOccurrence(key, on)
  else if (what < 0.85) mailbox.patch(key, { sensitivity: 'private' })
  else mailbox.delete(key)
}
