import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CalendarRead, ReadOptions } from '../../../src/connectors/calendar-read.ts'
import { createCalendarFiles, type FileLimits } from '../../../src/connectors/files/calendar-files.ts'
import { utc } from '../../../src/domain/time/zone-table.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const window = { startAt: 0, endAt: 1 }

/** A reader that keeps what it was given, as text. */
function files(stdin: string | Uint8Array = '', limits?: FileLimits) {
  const texts: string[] = []
  const readBytes = async (source: AsyncIterable<Uint8Array>, { calendar }: ReadOptions): Promise<CalendarRead> => {
    const parts: Uint8Array[] = []
    for await (const chunk of source) parts.push(chunk)
    texts.push(Buffer.concat(parts).toString('utf8'))
    return { calendar, name: null, zone: null, events: [], eventCount: 0, outsideWindow: 0, zones: [], leftOut: [] }
  }
  const standardInput = async function* () {
    const bytes = Buffer.from(stdin)
    // a pipe may break anywhere, also inside the first four bytes
    yield bytes.subarray(0, 3)
    yield bytes.subarray(3)
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

async function readAll(paths: readonly string[], stdin: string | Uint8Array = '') {
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

  it('an archive on standard input: the calendars in it', async () => {
    const zip = zipSync({ 'Takeout/work.ics': Buffer.from('WORK'), 'Takeout/home.ics': Buffer.from('HOME') })
    expect(await readAll(['-'], zip)).toEqual({ names: ['home.ics', 'work.ics'], texts: ['HOME', 'WORK'] })
  })

  it('names reach people without control characters and marks that turn them around, and stay distinct', async () => {
    const zip = zipSync({
      'Takeout/a\u001b]0;owned\u0007.ics': Buffer.from('1'),
      'Takeout/b\u202e\u009bsci.ics': Buffer.from('2'),
      'x/c\u0001.ics': Buffer.from('3'),
      'x/c\u0002.ics': Buffer.from('4'),
    })
    const path = put('names.zip', zip)
    expect(await readAll([path])).toEqual({
      names: ['a]0;owned.ics', 'bsci.ics', `${path}/x/c.ics`, `${path}/x/c.ics (2)`],
      texts: ['1', '2', '3', '4'],
    })
    put('folder/d\u001b[2J.ics', '5')
    expect((await readAll([join(folder, 'folder')])).names).toEqual(['d[2J.ics'])
  })

  it('an archive of thousands of tiny files lists every one of them', async () => {
    const tiny = Object.fromEntries(
      Array.from({ length: 15_000 }, (_, i) => [`${i}`, [Buffer.from('x'), { level: 0 }]]),
    )
    const zip = zipSync({ ...tiny, 'last.ics': Buffer.from('LAST') } as Parameters<typeof zipSync>[0])
    expect(await readAll([put('tiny.zip', zip)])).toEqual({ names: ['last.ics'], texts: ['LAST'] })
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

  describe('a cut archive', () => {
    const noise = (length: number) => Buffer.from(Array.from({ length }, (_, i) => Math.imul(i, 2_654_435_761) >>> 13))
    const stored = (bytes: Uint8Array) => [bytes, { level: 0 }] as [Uint8Array, { level: 0 }]
    const zip = Buffer.from(
      zipSync({ 'T/a.ics': Buffer.from('A'), 'T/b.ics': stored(noise(90_000)), 'T/c.ics': Buffer.from('CCC') }),
    )

    async function readCut(bytes: Uint8Array) {
      const { port, texts } = files()
      const opened = await port.open([put('cut.zip', bytes)])
      const reads = []
      for (const calendar of opened) reads.push(await calendar.read({ window, defaultZone: utc }))
      return { names: opened.map(one => one.calendar), texts, leftOut: reads.map(read => read.leftOut) }
    }

    it('a whole archive, also with a comment behind it, is not cut', async () => {
      const commented = Buffer.concat([zip, Buffer.from('made at home')])
      commented.writeUInt16LE('made at home'.length, zip.length - 2)
      for (const bytes of [zip, commented]) expect((await readCut(bytes)).leftOut).toEqual([[], [], []])
    })

    it('in the middle of a calendar: what is there is read, and every calendar says what is missing', async () => {
      const { names, texts, leftOut } = await readCut(zip.subarray(0, zip.length / 2))
      expect(names).toEqual(['a.ics', 'b.ics'])
      expect(texts[0]).toBe('A')
      expect(texts[1]!.length).toBeLessThan(90_000)
      const said = {
        code: 'truncated-file',
        count: 1,
        sentence: `The archive ${join(folder, 'cut.zip')} is cut off; files after b.ics are missing, and that one may lack its end. Download it again.`,
      }
      expect(leftOut).toEqual([[said], [said]])
    })

    it.each([
      ['between two files', zip.indexOf('T/c.ics') - 30, 2],
      ['before its directory', zip.indexOf('PK\u0001\u0002'), 3],
      ['inside its end record', zip.length - 1, 3],
    ])('%s: that is said', async (_, length, count) => {
      const { leftOut } = await readCut(zip.subarray(0, length))
      expect(leftOut.map(each => each.map(one => one.code))).toEqual(Array(count).fill(['truncated-file']))
    })

    it('an archive stored inside it does not pass for its end', async () => {
      const inner = zipSync({ 'x.txt': Buffer.from('x'), 'y.txt': Buffer.from('y') })
      const outer = Buffer.from(
        zipSync({ 'a.ics': Buffer.from('A'), 'in.zip': stored(inner), 'z.ics': Buffer.from('Z') }),
      )
      const cut = outer.subarray(0, outer.indexOf('z.ics') - 30)
      const { names, leftOut } = await readCut(cut)
      expect([names, leftOut.flat().map(one => one.code)]).toEqual([['a.ics'], ['truncated-file']])
    })

    it('before any calendar: broken, not empty', async () => {
      const photos = zipSync({ 'a.jpg': stored(noise(1_000)), 'z.ics': Buffer.from('Z') })
      await expect(readCut(photos.subarray(0, 500))).rejects.toMatchObject({
        code: 'malformed',
        message: expect.stringMatching(/is cut off before any calendar in it\. Download it again\.$/),
      })
    })
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
