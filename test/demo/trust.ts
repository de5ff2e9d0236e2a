import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dayMs, hourMs } from '../../src/domain/time/types.ts'
import type { Story } from './story.ts'
import { claire, clairePassword, marcus, meenakshi, nuria, rafaela, tomas } from './world.ts'

const canary = 'a canary called Dolores'

export async function privateStaysPrivate({ chapter, say, run, right, isTrue, world }: Story): Promise<void> {
  chapter('What is private leaves no trace')
  const { calendar } = world.google.user(nuria)
  const at = Math.floor(Date.now() / dayMs) * dayMs + 2 * dayMs + 11 * hourMs
  const time = (instant: number) => ({ dateTime: new Date(instant).toISOString(), timeZone: 'Europe/Madrid' })
  const { id } = calendar.insert({
    summary: `Lunch with ${canary}`,
    description: `Bring seeds for ${canary}`,
    start: time(at),
    end: time(at + hourMs),
  })
  await run(['sync'], { typed: null })
  right(
    filesWith(world.folder, canary).length > 0,
    'Núria’s open event "Lunch with …" is in the database, as it should be',
  )
  calendar.setVisibility(id ?? '', 'private')
  say('She makes it private.')
  await run(['sync'], { mostLines: 2 })
  const found = filesWith(world.folder, canary)
  right(
    found.length === 0,
    `every byte of the database and its journals was searched for its words: found in ${found.length} files`,
  )
  await isTrue()
}

export async function writeBack({ chapter, say, run, right, isTrue, world }: Story): Promise<void> {
  chapter('Writing, when told to')
  say('Writing is a consent of its own. Núria gives it, and plans two hours of focus time.')
  await run(['connect', 'google', nuria, '--tier', 'write-back', '--client', world.clientFile, '--no-browser'], {
    consents: true,
    typed: `minutewise connect google ${nuria} --tier write-back --client client_secret.json`,
    mostLines: 4,
  })
  await run(['sync'], { typed: null })
  const on = new Date(Date.now() + 3 * dayMs).toISOString().slice(0, 10)
  const add = ['block', 'add', '--account', nuria, '--start', `${on}T09:00`, '--end', `${on}T11:00`]
  const { calendar } = world.google.user(nuria)
  const blocks = () =>
    calendar.all().filter(({ isCancelled, resource }) => !isCancelled && resource.eventType === 'focusTime')
  const before = blocks().length
  await run(add)
  right(blocks().length === before, 'that was the plan; Google holds nothing new')
  await run([...add, '--apply'])
  right(
    blocks().length === before + 1,
    `Google holds it: ${blocks().at(-1)?.resource.summary}, as focus time of its own kind`,
  )
  await run([...add, '--apply'], { mostLines: 3 })
  right(blocks().length === before + 1, 'asked twice, it is there once')
  await run(['block', 'undo', '--all', '--account', nuria, '--apply'])
  right(blocks().length === before, 'and taken back again')
  await run(['sync'], { typed: null })
  await isTrue()
}

export async function leave({ chapter, say, run, right, world }: Story): Promise<void> {
  chapter('Disconnect')
  const secrets = [
    clairePassword,
    world.feed.secret,
    ...tokensIn(world.journals.google.requests),
    ...tokensIn(world.journals.graph.requests),
  ]
  say('Consents go back to those who gave them, and everything that came with them is erased.')
  world.journals.google.clear()
  for (const person of [nuria, tomas, rafaela, marcus, meenakshi]) {
    await run(['disconnect', person], { typed: person === nuria ? `minutewise disconnect ${person}` : null })
  }
  const { out } = await run(['accounts', '--json'], { typed: null })
  for (const { id, provider } of JSON.parse(out).accounts) {
    await run(['disconnect', id], { typed: provider === 'caldav' ? `minutewise disconnect "${claire} at …"` : null })
  }
  right(world.journals.google.count('/revoke') >= 2, 'Google was told to revoke the tokens of both')
  await run(['accounts'])
  say('Audits that were made stay: they are yours. What only the calendars held is gone.')
  const titles = ['Renamed on a telephone', 'Written on a bad day', 'While a door is closed', canary]
  const left = [...titles, ...secrets].filter(text => filesWith(world.folder, text, /^minutewise\.db/).length > 0)
  right(
    left.length === 0,
    `${titles.length} titles and ${secrets.length} secrets were searched in the files that are left: ${left.length} found`,
  )
}

/** Files of the demonstration in which a text stands; the exported calendars are somebody else's. */
function filesWith(folder: string, text: string, names = /\.db/): readonly string[] {
  const needle = Buffer.from(text)
  return readdirSync(folder).filter(name => names.test(name) && readFileSync(join(folder, name)).includes(needle))
}

/** Access and refresh tokens that went over the wire lately. */
function tokensIn(requests: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: string }[]) {
  const tokens = new Set<string>()
  for (const { headers, body } of requests) {
    const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
    const refresh = new URLSearchParams(body).get('refresh_token')
    for (const token of [bearer, refresh]) if (token) tokens.add(token)
  }
  return [...tokens]
}
