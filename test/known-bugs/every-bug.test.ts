import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/**
 * The bugs of other calendar programs that our connectors, our sync and our audit must not have. Each has a number in
 * the title of its tests, which go from the provider's fake over the real connector and SQLite to what people see:
 *
 * 1 a forgotten token taken for an empty success · 2 a forgotten token met for ever · 3 a source stuck in silence ·
 * 4 own data lost with the mirror · 5 pages that are not asked for · 6 endless first syncs · 7 all-day events moved by
 * zones · 8 series an hour off · 9 deleted occurrences that stay · 10 occurrences without their series · 11 deletions
 * nobody reports · 12 changes outside the window · 13 channels that end · 14 notifications that are believed · 15 one
 * member who stops an organisation · 16 consents lost to a race · 17 one person under many addresses · 18 rooms that are
 * counted as people · 19 lists of people · 20 focus time and the like as meetings · 21 meetings that were called off ·
 * 22 zones of nobody · 23 copies that overwrite one another · 24 rules without an end · 25 the public part of a private
 * series. And beside the list: the echo of own writes, cut series, and how long a subscription lives.
 */
const bugs = 25
const others = ['at %s a block comes back as ours', 'at Google, %s, is every meeting once', '4230 or 10080 minutes']

test('every known bug has a test that begins with its number', () => {
  const text = readdirSync(import.meta.dirname)
    .filter(name => name.endsWith('.test.ts'))
    .map(name => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n')
  const told = new Set([...text.matchAll(/['"`](\d+): /g)].map(match => Number(match[1])))
  expect([...told].toSorted((a, b) => a - b)).toEqual(Array.from({ length: bugs }, (_, n) => n + 1))
  for (const title of others) expect(text).toContain(`'also worth it: ${title}`)
})
