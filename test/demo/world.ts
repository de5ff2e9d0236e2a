import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { weekMs } from '../../src/domain/time/types.ts'
import { type FeedServer, startFeedServer } from '../fakes/feed-server.ts'
import { createGoogleFake, fakeClient, type GoogleFake } from '../fakes/google/google-fake.ts'
import { createGraphFake, defaultApp, type GraphFake } from '../fakes/graph/graph-fake.ts'
import { type RequestJournal, type Served, serve } from '../fakes/kit/serve.ts'
import { type DavHand, type Radicale, startRadicale } from '../fakes/radicale.ts'
import { meetingsIn, movedByWeeks, resourcesIn } from './calendar-text.ts'
import { seedGoogle } from './seed-google.ts'
import { seedGraph } from './seed-graph.ts'

const samples = join(import.meta.dirname, '..', '..', 'samples')
/** A Monday; the calendars were exported that morning. */
const sampleNow = Date.parse('2026-11-16T00:00:00Z')

export const people = join(samples, 'people.csv')
export const nuria = 'nuria.vidal@fernhollow.example'
export const tomas = 'tomas.arrieta@fernhollow.example'
export const rafaela = 'rafaela.pinto@fernhollow.example'
export const marcus = 'marcus.adeyemi@fernhollow.example'
export const meenakshi = 'meenakshi.iyer@fernhollow.example'
export const claire = 'claire.donnelly@fernhollow.example'
const googlePeople = { [nuria]: 'nuria-vidal.google', [tomas]: 'tomas-arrieta.google' }
const graphPeople = {
  [rafaela]: 'rafaela-pinto.outlook',
  [marcus]: 'marcus-adeyemi.outlook',
  [meenakshi]: 'meenakshi-iyer.outlook',
}
const claireFile = 'claire-donnelly.google'
const harrietFile = 'harriet-lowe.outlook'
export const clairePassword = 'lantern: hörse'

/** The sample company's calendars where its people really have them, everything on loopback. */
export interface DemoWorld {
  readonly google: GoogleFake
  readonly graph: GraphFake
  readonly radicale: Radicale
  readonly feed: FeedServer
  readonly journals: {
    readonly google: RequestJournal
    readonly graph: RequestJournal
    readonly caldav: RequestJournal
    readonly feed: RequestJournal
  }
  readonly claire: { readonly hand: DavHand; readonly calendar: string }
  /** What the feed holds; the demonstration writes it when it publishes another. */
  readonly harriet: { text: string }
  /** Whose mailboxes Graph has. */
  readonly mailboxes: readonly string[]
  readonly folder: string
  readonly database: string
  /** The same calendars as exported files. */
  readonly exported: readonly string[]
  readonly clientFile: string
  readonly clientId: string
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export async function startWorld(now: number = Date.now()): Promise<DemoWorld> {
  const weeks = Math.floor((now - sampleNow) / weekMs)
  const textOf = (name: string) => movedByWeeks(readFileSync(join(samples, 'calendars', `${name}.ics`), 'utf8'), weeks)
  const folder = mkdtempSync(join(tmpdir(), 'minutewise-demo-'))
  const stops: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const each of stops.reverse()) await each()
  }
  try {
    const radicale = await startRadicale({ users: [{ name: claire, password: clairePassword }] })
    stops.push(() => radicale.stop())
    const google = createGoogleFake({ clock: systemClock })
    for (const [address, name] of Object.entries(googlePeople)) {
      google.addUser({ address, timeZone: 'Europe/Madrid' })
      seedGoogle(google, address, meetingsIn(textOf(name)))
    }
    const graph = createGraphFake({ clock: systemClock })
    for (const [address, name] of Object.entries(graphPeople)) {
      graph.addUser({ address, zone: zones[address] ?? 'UTC' })
      seedGraph(graph, address, meetingsIn(textOf(name)))
    }
    const hand = radicale.as({ name: claire, password: clairePassword })
    const calendar = await hand.makeCalendar('Claire')
    for (const [index, resource] of resourcesIn(textOf(claireFile)).entries()) {
      await hand.put(`${calendar}${String(index).padStart(3, '0')}.ics`, resource.text)
    }
    const harriet = { text: textOf(harrietFile).replace('X-WR-CALNAME:Calendar', 'X-WR-CALNAME:Harriet') }
    const feed = await startFeedServer()
    stops.push(() => feed.close())
    feed.publish(harriet.text)

    const googleServed = await serve(google, google.faults)
    stops.push(() => googleServed.close())
    const graphServed = await serve(graph, graph.faults)
    stops.push(() => graphServed.close())

    const database = join(folder, 'minutewise.db')
    const exported = [...Object.values(googlePeople), ...Object.values(graphPeople), claireFile, harrietFile].map(
      name => {
        const path = join(folder, `${name}.ics`)
        writeFileSync(path, textOf(name))
        return path
      },
    )
    const clientFile = join(folder, 'client_secret.json')
    const { id, secret } = fakeClient
    const installed = { client_id: id, client_secret: secret, redirect_uris: ['http://localhost'] }
    writeFileSync(clientFile, JSON.stringify({ installed }))
    return {
      google,
      graph,
      radicale,
      feed,
      journals: {
        google: googleServed.journal,
        graph: graphServed.journal,
        caldav: radicale.journal,
        feed: feed.journal,
      },
      claire: { hand, calendar },
      harriet,
      mailboxes: Object.keys(graphPeople),
      folder,
      database,
      exported,
      clientFile,
      clientId: defaultApp.clientId,
      env: environment(googleServed, graphServed, database),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const zones: Readonly<Record<string, string>> = {
  [rafaela]: 'Romance Standard Time',
  [marcus]: 'Romance Standard Time',
  [meenakshi]: 'India Standard Time',
}

const environment = (google: Served, graph: Served, database: string) => ({
  MINUTEWISE_GOOGLE_ROOT: google.url,
  MINUTEWISE_GOOGLE_TOKEN_URL: `${google.url}token`,
  MINUTEWISE_GOOGLE_REVOKE_URL: `${google.url}revoke`,
  MINUTEWISE_GOOGLE_AUTH_URL: `${google.url}o/oauth2/v2/auth`,
  MINUTEWISE_GRAPH_ROOT: graph.url,
  MINUTEWISE_GRAPH_LOGIN_ROOT: graph.url,
  MINUTEWISE_CALDAV_PASSWORD: clairePassword,
  MINUTEWISE_FEEDS_ON_THIS_MACHINE: 'yes',
  MINUTEWISE_DB: database,
  NO_COLOR: '1',
})
