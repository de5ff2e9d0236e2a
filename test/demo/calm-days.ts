import { dayMs, hourMs, weekMs } from '../../src/domain/time/types.ts'
import type { RequestJournal } from '../fakes/kit/serve.ts'
import type { Audited, Story } from './story.ts'
import { audited } from './story.ts'
import { claire, marcus, meenakshi, nuria, people, rafaela, tomas } from './world.ts'

export async function connectEverybody({ chapter, say, run, world }: Story): Promise<void> {
  chapter('Connect')
  say(
    'Consent happens in the browser; this script plays the person there. Núria and Tomás are on Google, Rafaela, Marcus and ' +
      'Meenakshi on Microsoft 365. Read-only is all that is asked for.',
  )
  for (const [index, person] of [nuria, tomas].entries()) {
    await run(['connect', 'google', person, '--client', world.clientFile, '--no-browser'], {
      consents: true,
      typed: index === 0 ? `minutewise connect google ${person} --client client_secret.json` : null,
      mostLines: 4,
    })
  }
  for (const [index, person] of [rafaela, marcus, meenakshi].entries()) {
    await run(['connect', 'microsoft', person, '--client-id', world.clientId, '--no-browser'], {
      consents: true,
      typed: index === 0 ? `minutewise connect microsoft ${person} --client-id ${world.clientId.slice(0, 8)}-…` : null,
      mostLines: 3,
    })
  }
  say('\nClaire has a CalDAV server with a password, Harriet publishes a feed whose address is its secret.')
  await run(['connect', 'caldav', world.radicale.url, '--user', claire], { mostLines: 2 })
  await run(['connect', 'ics', world.feed.feedUrl], { typed: 'minutewise connect ics -', mostLines: 2 })
}

export async function firstSync(story: Story): Promise<void> {
  const { chapter, say, run, right, world, audit, isTrue } = story
  chapter('The first sync reads everything')
  clear(world.journals)
  await run(['sync'])
  say(requestSentence(world.journals))
  await run(['accounts'], { mostLines: 20 })
  await isTrue()

  say('\nThe audit of it, for Núria:')
  const files = await run(['audit', ...world.exported, '--people', people, '--me', nuria, '--json'], { typed: null })
  const live = await audit()
  const args = ['audit', '--db', world.database, '--people', people, '--me', nuria]
  const shown = await run(args, { typed: null })
  story.command('minutewise audit --db minutewise.db --people people.csv --me nuria.vidal@…', { ...shown, err: '' }, 10)
  thursdayTest(story, live)
  const same = JSON.stringify(verdicts(live)) === JSON.stringify(verdicts(audited(files)))
  right(
    same,
    `the same ${live.series.length} series, kinds, verdicts and meetings as from the exported files of these calendars`,
  )
}

export async function whatChanged(story: Story): Promise<void> {
  const { chapter, say, run, right, world, audit, isTrue } = story
  chapter('Then only what changed is read')
  clear(world.journals)
  const again = await run(['sync'])
  right(again.out.includes('nothing changed'), requestSentence(world.journals))

  const before = await audit()
  changeFour(story)
  await renameOnCaldav(story)
  say(
    '\nNow people work: Núria gets a new meeting, one occurrence of the architecture review is moved, Rafaela calls off a ' +
      'series, Claire renames one.',
  )
  clear(world.journals)
  const synced = JSON.parse((await run(['sync', '--json'], { typed: null })).out)
  const written = sum(synced.calendars, 'written')
  const removed = sum(synced.calendars, 'removed')
  story.command('minutewise sync', { code: 0, out: `${written} events written, ${removed} removed.\n`, err: '' })
  say(requestSentence(world.journals))
  await isTrue()
  const after = await audit()
  right(
    after.week.meetingHours > before.week.meetingHours,
    `the audit follows: ${before.week.meetingHours.toFixed(2)} h of meetings a week were, ` +
      `${after.week.meetingHours.toFixed(2)} h are`,
  )
}

/** The test that the product stands and falls with, on calendars of four services. */
export function thursdayTest({ right }: Pick<Story, 'right'>, { series }: Audited): void {
  const review = series.find(({ title }) => title === 'Architecture review')
  const status = series.find(({ title }) => title === 'Delivery status round')
  right(review?.section === 'worth-keeping', `the architecture review is worth keeping. ${review?.sentence}`)
  right(status?.section === 'try-without', `the status round beside it is worth a try without. ${status?.sentence}`)
}

export function clear(journals: Readonly<Record<string, RequestJournal>>): void {
  for (const journal of Object.values(journals)) journal.clear()
}

export function requestSentence(journals: Readonly<Record<string, RequestJournal>>): string {
  const counts = Object.entries(journals).map(([name, { requests }]) => `${requests.length} to ${labels[name] ?? name}`)
  const all = Object.values(journals).reduce((total, { requests }) => total + requests.length, 0)
  return `It took ${all} requests: ${counts.join(', ')}.`
}

const labels: Readonly<Record<string, string>> = {
  google: 'Google',
  graph: 'Microsoft',
  caldav: 'the CalDAV server',
  feed: 'the feed',
}

const verdicts = ({ series, week }: Audited) => [
  week.meetingHours,
  ...series.map(({ title, section, kind, answer, occurrences }) =>
    [title, section, kind, answer, occurrences.length].join(' · '),
  ),
]

const sum = (outcomes: readonly Record<string, unknown>[], name: string) =>
  outcomes.reduce((total, outcome) => total + Number(outcome[name]), 0)

/** A Tuesday noon of the last whole week. */
function lastTuesday(): number {
  const monday = Math.floor((Date.now() - 4 * dayMs) / weekMs) * weekMs + 4 * dayMs
  return monday - 6 * dayMs + 12 * hourMs
}

function changeFour({ world }: Story): void {
  const { calendar } = world.google.user(nuria)
  const start = lastTuesday()
  const guests = [nuria, tomas, rafaela, marcus].map(email => ({ email, responseStatus: 'accepted' }))
  calendar.insert({
    summary: 'Payments and Platform: what happened on Monday',
    start: { dateTime: new Date(start).toISOString(), timeZone: 'Europe/Madrid' },
    end: { dateTime: new Date(start + 2 * hourMs).toISOString(), timeZone: 'Europe/Madrid' },
    attendees: guests,
  })
  const review = calendar.all().find(({ resource }) => resource.summary === 'Architecture review')
  const coming = review && calendar.instances(review, { startAt: Date.now(), endAt: Date.now() + 4 * weekMs })[1]
  if (review === undefined || coming?.start.kind !== 'time' || coming.end.kind !== 'time') {
    throw new Error('The sample company has no architecture review to come.')
  }
  const later = (at: number) => ({ dateTime: new Date(at + hourMs).toISOString(), timeZone: 'Europe/Madrid' })
  calendar.patch(coming.id, { start: later(coming.start.at), end: later(coming.end.at) })

  const mailbox = world.graph.mailbox(rafaela)
  const series = mailbox
    .keys()
    .find(key => mailbox.event(key).recurrence !== null && mailbox.event(key).props.isOrganizer)
  if (series !== undefined) mailbox.delete(series)
}

async function renameOnCaldav({ world }: Story): Promise<void> {
  const { hand, calendar } = world.claire
  const [path = ''] = await hand.list(calendar)
  const resource = await hand.get(path)
  await hand.put(path, (resource?.text ?? '').replaceAll(/^SUMMARY.*$/gm, 'SUMMARY:Renamed on a telephone'))
}
