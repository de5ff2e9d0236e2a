import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CalendarRead, ReadOptions } from '../../../src/connectors/connector.ts'
import { createCalendarFiles, type FileLimits } from '../../../src/connectors/files/calendar-files.ts'
import { utc } from '../../../src/domain/time/zone-table.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const window = { startAt: 0, endAt: 1 }

/** A reader that keeps what it was given, as text. */
function files(stdin = '', limits?: FileLimits) {
  const texts: string[] = []
  const readBytes = async (source: AsyncIterable<Uint8Array>, { calendar }: ReadOptions): Promise<CalendarRead> => {
    const parts: Uint8Array[] = []
    for await (const chunk of source) parts.push(chunk)
    texts.push(Buffer.concat(parts).toString('utf8'))
    return { calendar, name: null, zone: null, events: [], eventCount: 0, outsideWindow: 0, zones: [], leftOut: [] }
  }
  const standardInput = async function* () {
    yield Buffer.from(stdin)
  }
  const port = createCalendarFiles({ readBytes, stdin: standardInput }, limits)
  return { port, texts }
}

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}

async function readAll(paths: readonly string[], stdin = '') {
  const { port, texts } = files(stdin)
  const opened = await port.open(paths)
  for (const calendar of opened) await calendar.read({ window, defaultZone: utc })
  return { names: opened.map(one => one.calendar), texts }
}

describe('calendars a person hands over', () => {
  it('a file by its name, with its bytes', async () => {
    expect(await readAll([put('ana.ics', 'ANA')])).toEqual({ names: ['ana.ics'], texts: ['ANA'] })
  })

  it('a folder: every .ics in it and below, by name, nothing else, no links', async () => {
    put('team/b.ics', 'B')
    put('team/a.ICS', 'A')
    put('team/deep/c.ics', 'C')
    put('team/notes.txt', 'N')
    symlinkSync('/etc/hostname', join(folder, 'team', 'link.ics'))
    expect(await readAll([join(folder, 'team')])).toEqual({
      names: ['a.ICS', 'b.ics', 'deep/c.ics'],
      texts: ['A', 'B', 'C'],
    })
  })

  it('an archive, also one inside a folder and one with another name: the calendars in it', async () => {
    const zip = zipSync({
      'Takeout/Calendar/work.ics': Buffer.from('WORK'.repeat(50_000)),
      'Takeout/Calendar/home.ics': [Buffer.from('HOME'), { level: 0 }],
      'Takeout/archive_browser.html': Buffer.from('<html>'),
    })
    const expected = { names: ['home.ics', 'work.ics'], texts: ['HOME', 'WORK'.repeat(50_000)] }
    expect(await readAll([put('takeout.zip', zip)])).toEqual(expected)
    expect(await readAll([put('renamed.bin', zip)])).toEqual(expected)
    rmSync(join(folder, 'renamed.bin'))
    expect((await readAll([folder])).texts).toEqual(expected.texts)
  })

  it('standard input, more than once', async () => {
    const { port, texts } = files('PIPED')
    const [calendar] = await port.open(['-'])
    await calendar!.read({ window, defaultZone: utc })
    await calendar!.read({ window, defaultZone: utc })
    expect(texts).toEqual(['PIPED', 'PIPED'])
  })

  it('the same path twice is one calendar; two files of one name are told apart', async () => {
    const one = put('x/calendar.ics', '1')
    const two = put('y/calendar.ics', '2')
    expect((await readAll([one, one, two])).names).toEqual([one, two])
  })

  it('progress says how much of how much', async () => {
    const path = put('large.ics', 'x'.repeat(700_000))
    const seen: (readonly [number, number | null])[] = []
    const { port } = files()
    const [calendar] = await port.open([path], ({ bytes, of }) => seen.push([bytes, of]))
    await calendar!.read({ window, defaultZone: utc })
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.at(-1)).toEqual([700_000, 700_000])
  })
})

describe('what cannot be read ends with a code and a sentence', () => {
  it.each([
    [
      'a path that is not there',
      () => join(folder, 'no.ics'),
      'not-found',
      /^There is no file .*no\.ics\. Check the path\.$/,
    ],
    ['a path below a file', () => join(put('a.ics', ''), 'b.ics'), 'not-found', /Check the path/],
    ['a folder without calendars', () => folder, 'not-found', /^There is no \.ics file in the folder/],
    [
      'an archive without calendars',
      () => put('photos.zip', zipSync({ 'a.jpg': new Uint8Array(3) })),
      'not-found',
      /^There is no \.ics file in the archive/,
    ],
  ])('%s', async (_, path, code, sentence) => {
    const at = path()
    await expect(files().port.open([at])).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) })
  })

  it('a cut archive is broken, not empty', async () => {
    const zip = zipSync({ 'a.ics': Buffer.from(Array.from({ length: 90_000 }, (_, i) => (i * 7919) % 251)) })
    const path = put('cut.zip', zip.subarray(0, zip.length / 2))
    const outcome = await readAll([path]).then(
      ({ texts }) => texts.join(''),
      (error: unknown) => error,
    )
    // either the reader is told, or it gets the beginning and sees that the end is missing; never the whole, never a crash
    if (typeof outcome === 'string') expect(outcome.length).toBeLessThan(90_000)
    else expect(outcome).toMatchObject({ code: 'malformed' })
  })

  it('an archive that inflates without end is stopped, standard input that does not end as well', async () => {
    const bomb = zipSync({ 'bomb.ics': [new Uint8Array(8 * 1024 * 1024), { level: 9 }] })
    expect(bomb.length).toBeLessThan(50_000)
    const limits = { stdinBytes: 1024 * 1024, inflatedBytes: 1024 * 1024 }
    const { port } = files('x'.repeat(2 * 1024 * 1024), limits)
    const [calendar] = await port.open([put('bomb.zip', bomb)])
    await expect(calendar!.read({ window, defaultZone: utc })).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/inflates to more than 1 MiB; it was not read\./),
    })
    await expect(port.open(['-'])).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('1 MiB'),
    })
  })

  it.skipIf(process.getuid?.() === 0)('a file of somebody else says that it may not be read', async () => {
    const path = put('closed.ics', 'x')
    chmodSync(path, 0o000)
    await expect(files().port.open([path])).rejects.toMatchObject({ code: 'denied' })
  })
})
