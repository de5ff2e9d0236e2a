import { type ChildProcess, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { heldAsRead, without } from '../support/held-occurrences.ts'
import { runCommand } from '../support/live-command.ts'
import { ana, type ChangingServices, changingServices } from './changing-services.ts'

/** More deaths, or one history again: `MINUTEWISE_KILLS=300`, `MINUTEWISE_KILLS_SEED=…`. */
const kills = Number(process.env.MINUTEWISE_KILLS ?? 25)
const seed = Number(process.env.MINUTEWISE_KILLS_SEED ?? 20_261)

let services: ChangingServices

beforeAll(async () => {
  const root = join(import.meta.dirname, '..', '..')
  if (spawnSync('npm', ['run', '--silent', 'build'], { cwd: root }).status !== 0) throw new Error('the build failed')
  services = await changingServices(seed, 3)
})
afterAll(() => services.close())

describe('sync, killed again and again while calendars change', () => {
  test('a quiet sync at the end holds what the services hold: nothing lost, nothing doubled', {
    timeout: 60_000 + kills * 4_000,
  }, async () => {
    for (let count = 0; count < 80; count++) services.change()
    for (const { code, err } of await services.connect()) expect(err.replace(/^.*\n.*\n/, ''), String(code)).toBe('')

    let dead = 0
    let asked = 0
    for (let round = 0; round < kills; round++) {
      // early, since reading everything again would make good what an earlier death did
      if (round === 3) services.google.user(ana).calendar.expireTokens()
      if (round === 5) services.graph.expireTokens()
      // whoever dies while renewing a consent keeps the others from it for a minute, which a short run does not have
      if (kills > 100 && round % 40 === 3) services.google.oauth.expireAccessTokens()
      const before = services.asked()
      if (await killedAtSomeMoment(services)) dead++
      asked += services.asked() - before
    }

    const quiet = await runCommand(['sync', '--json'], { env: services.env, timeoutMs: 120_000 })
    expect(quiet.code, quiet.err).toBe(0)
    const { calendars } = JSON.parse(quiet.out)
    expect(calendars.map(({ result, status }: Record<string, string>) => [result, status])).toEqual([
      ['done', 'current'],
      ['done', 'current'],
    ])
    const held = services.held()
    const inDatabase = await heldAsRead(['--db', services.database], services.window)
    const difference = { lost: without(held, inDatabase), tooMuch: without(inDatabase, held) }
    expect(difference).toEqual({ lost: [], tooMuch: [] })
    expect(held.length).toBeGreaterThan(50)

    const database = new Database(services.database, { readonly: true })
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.pragma('foreign_key_check')).toEqual([])
    database.close()

    // a process that is done before it can be killed proves nothing
    expect(dead).toBeGreaterThan(kills / 2)
    if (process.env.MINUTEWISE_KILLS !== undefined) {
      const figures = `${dead} of ${kills} processes killed, ${asked} requests, ${held.length} occurrences, 0 lost, 0 doubled`
      process.stdout.write(`${figures}\n`)
    }
  })
})

/**
 * Starts a sync and kills it: at its birth, or some milliseconds after it asked for a page of events, so most often while
 * that page is read and written. Calendars change before, and while it runs. False when it was done by then.
 */
async function killedAtSomeMoment({ env, random, change, pagesAsked }: ChangingServices): Promise<boolean> {
  for (let count = Math.floor(random.next() * 8); count > 0; count--) change()
  const before = pagesAsked()
  const pages = random.next() < 0.15 ? 0 : 1 + Math.floor(random.next() * 4)
  const delayMs = random.next() * (pages === 0 ? birthMs : 35)
  let child: ChildProcess | null = null
  let isOver = false
  const running = runCommand(['sync'], {
    env,
    started: process => {
      child = process
    },
  }).finally(() => {
    isOver = true
  })
  const untilAt = Date.now() + longestLifeMs
  for (let seen = before; !isOver && seen < before + pages && Date.now() < untilAt; ) {
    await systemClock.sleep(1)
    if (pagesAsked() === seen) continue
    seen = pagesAsked()
    if (random.next() < 0.3) change()
  }
  await systemClock.sleep(delayMs)
  // Safe because `started` is called before anything is awaited.
  const wasAlive = !isOver && (child as unknown as ChildProcess).kill('SIGKILL')
  const { code } = await running
  return wasAlive && code === null
}

/** A process that waits for something else is killed as well. */
const longestLifeMs = 5_000
/** About as long as a process takes until its first request. */
const birthMs = 400
