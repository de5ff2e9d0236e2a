import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { dayMs } from '../../src/domain/time/types.ts'
import { clear, requestSentence, thursdayTest } from './calm-days.ts'
import type { Story } from './story.ts'
import { compared } from './truth.ts'
import { marcus, meenakshi, nuria, tomas } from './world.ts'

/** One misfortune after the other, each followed by a look whether the database still holds what the services hold. */
export async function breakThings(story: Story): Promise<void> {
  await badDay(story)
  await forgottenTokens(story)
  await closedCalendar(story)
  await endedConsent(story)
  await halfAFeed(story)
  await killed(story)
  story.say('\nAnd after all that, the audit:')
  thursdayTest(story, await story.audit())
}

async function badDay({ chapter, say, run, right, isTrue, world }: Story): Promise<void> {
  chapter('A bad day: errors, "slow down", broken connections')
  const { google, graph, radicale, feed } = world
  google.calendar(nuria).insert(oneHour('Written on a bad day', 1))
  google.faults.add(
    { match: '/events', action: { kind: 'status', status: 500 } },
    { match: '/events', after: 1, action: { kind: 'truncate' } },
    { match: '/events', after: 2, action: { kind: 'reset' } },
  )
  graph.faults.add(
    { match: '/calendarView', action: { kind: 'status', status: 429, headers: { 'retry-after': '2' } } },
    { match: '/calendarView', after: 3, action: { kind: 'malformed' } },
  )
  radicale.faults.add({ action: { kind: 'reset' } })
  feed.faults.add({ action: { kind: 'status', status: 503, headers: { 'retry-after': '1' } } })
  say(
    'Google answers with a 500, half an answer and a closed line; Microsoft says 429, wait two seconds, and then something ' +
      'that is no JSON; Radicale hangs up; the feed is unavailable for a second.',
  )
  clear(world.journals)
  const before = Date.now()
  await run(['sync'], { mostLines: 6 })
  const faults = Object.values(world.journals).flatMap(({ requests }) => requests.filter(({ fault }) => fault !== null))
  right(faults.length >= 5, `${faults.length} requests went wrong, and were asked again; ${seconds(before)} in all`)
  await isTrue()
}

async function forgottenTokens({ chapter, say, run, right, isTrue, world }: Story): Promise<void> {
  chapter('Services forget where we were')
  const { google, graph } = world
  const calendar = google.calendar(nuria)
  const gone = calendar.truth().find(({ masterId, isCancelled }) => masterId === null && !isCancelled)
  if (gone !== undefined) calendar.delete(gone.id)
  calendar.expireTokens()
  const mailbox = graph.mailbox(marcus)
  const key = mailbox.keys()[0]
  if (key !== undefined) mailbox.delete(key)
  graph.expireTokens()
  say(
    'Núria and Marcus each delete something, and in the same hour Google answers 410 to her sync token and Graph forgets its ' +
      'delta tokens: nobody will ever tell what was deleted.',
  )
  clear(world.journals)
  const { out } = await run(['sync'], { mostLines: 8 })
  right(out.includes('read again whole'), requestSentence(world.journals))
  await isTrue()
}

async function closedCalendar({ chapter, say, run, right, isTrue, world }: Story): Promise<void> {
  chapter('A calendar is closed to us')
  const path = encodeURIComponent(tomas)
  world.google.faults.add({
    match: `/calendars/${path}/events`,
    times: 50,
    action: { kind: 'status', status: 403, body: forbidden },
  })
  world.graph.mailbox(meenakshi).create({ subject: 'While a door is closed', start: tomorrow(9), end: tomorrow(10) })
  say('Google refuses Tomás’ calendar with 403. The others must not notice.')
  await run(['sync'], { expect: null, mostLines: 6 })
  const { out } = await run(['accounts'], { typed: 'minutewise accounts', mostLines: 7 })
  right(/! tomas|!.*tomas/.test(out), 'it is marked, with a sentence; what was known of it is kept')
  await isTrue()
  world.google.faults.clear()
  await run(['sync'], { mostLines: 4 })
  await isTrue()
}

async function endedConsent({ chapter, say, run, right, isTrue, world }: Story): Promise<void> {
  chapter('Somebody takes the consent back')
  world.google.oauth.revokeAll(tomas)
  say('Tomás removes Minutewise from his Google account.')
  const { out } = await run(['sync'], { expect: 4, mostLines: 6 })
  right(/connect/i.test(out) && out.includes(tomas), 'it says whose consent, and what to do')
  await run(['connect', 'google', tomas, '--client', world.clientFile, '--no-browser'], {
    consents: true,
    typed: `minutewise connect google ${tomas} --client client_secret.json`,
    mostLines: 2,
  })
  await run(['sync'], { mostLines: 3 })
  await isTrue()
}

async function halfAFeed({ chapter, say, run, right, isTrue, world }: Story): Promise<void> {
  chapter('Half of a feed is suddenly gone')
  const whole = world.harriet.text
  const half = withoutEndlessSeries(whole)
  world.feed.publish(half)
  say(
    'Harriet’s feed is published without its series. A mistake, or a changed job? Nobody can know, so nothing is deleted.',
  )
  const { out } = await run(['sync'], { mostLines: 6 })
  right(out.includes('Harriet'), 'the calendar is held, and says so')
  await isTrue()
  say('\nShe says that it is right so:')
  await run(['sync', '--accept', 'Harriet'], { mostLines: 4 })
  world.harriet.text = half
  await isTrue()
}

async function killed({ chapter, say, run, right, world }: Story): Promise<void> {
  chapter('kill -9 in the middle of a first sync')
  const database = join(world.folder, 'second.db')
  const env = { MINUTEWISE_DB: database }
  await run(['connect', 'microsoft', marcus, '--client-id', world.clientId, '--no-browser'], {
    env,
    consents: true,
    typed: null,
  })
  world.graph.faults.add({ match: '/calendarView', times: 100, action: { kind: 'delay', ms: 100 } })
  world.journals.graph.clear()
  let isDead = false
  const dead = await run(['sync'], {
    env,
    expect: null,
    typed: null,
    started: child => {
      void untilThird(world.journals.graph.requests).then(() => {
        isDead = child.kill('SIGKILL')
      })
    },
  })
  say('Marcus’ calendar is read into a new database, slowly; the process is killed after the third page.')
  right(isDead && dead.code === null, 'it is dead, without a word')
  world.graph.faults.clear()
  const before = world.journals.graph.requests.filter(({ path }) => path.includes('/calendarView')).length
  await run(['accounts'], { env, typed: 'minutewise accounts --db second.db', mostLines: 4 })
  world.journals.graph.clear()
  const { out } = await run(['sync', '--json'], { env, typed: 'minutewise sync --db second.db', mostLines: 0 })
  const { written } = JSON.parse(out).calendars[0]
  const now = world.journals.graph.requests.filter(({ path }) => path.includes('/calendarView')).length
  right(now > 0, `it went on: ${before} pages were asked for before, ${now} after, ${written} events in the second run`)
  const { occurrences, missing, tooMuch } = await compared(world, { database, mailboxes: [marcus] })
  right(
    missing.length + tooMuch.length === 0,
    `${occurrences} occurrences in the mailbox, the same ones in the second database`,
  )
  for (const file of [database, `${database}-wal`, `${database}-shm`, `${database}.keys`]) rmSync(file, { force: true })
}

async function untilThird(requests: readonly { readonly path: string; readonly status: number }[]): Promise<void> {
  const isThere = () =>
    requests.filter(({ path, status }) => path.includes('/calendarView') && status !== 0).length >= 3
  while (!isThere()) await systemClock.sleep(10)
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`

const tomorrow = (hour: number) => Math.floor(Date.now() / dayMs) * dayMs + dayMs + hour * 3_600_000

const oneHour = (summary: string, days: number) => {
  const start = Math.floor(Date.now() / dayMs) * dayMs + days * dayMs + 10 * 3_600_000
  const time = (at: number) => ({ dateTime: new Date(at).toISOString(), timeZone: 'Europe/Madrid' })
  return { summary, start: time(start), end: time(start + 3_600_000) }
}

const forbidden = {
  error: { code: 403, message: 'Forbidden', errors: [{ domain: 'global', reason: 'forbidden', message: 'Forbidden' }] },
}

/** Without series that go on, and without what was changed of them. */
function withoutEndlessSeries(text: string): string {
  const parts = text.split(/(?=BEGIN:VEVENT)|(?<=END:VEVENT\r\n)/)
  const uidOf = (part: string) => /^UID:(.*)$/m.exec(part)?.[1]
  const endless = new Set(
    parts.filter(part => part.startsWith('BEGIN:VEVENT') && /^RRULE:(?!.*UNTIL=)/m.test(part)).map(uidOf),
  )
  return parts.filter(part => !part.startsWith('BEGIN:VEVENT') || !endless.has(uidOf(part))).join('')
}
