import { describe, expect, it } from 'vitest'
import { classify } from '../../../src/domain/classifier/classify.ts'
import { classificationRecord, parseClassifyLine, parseLabelledLine } from '../../../src/domain/classifier/record.ts'
import { invitation } from './invitation.ts'

const line = (value: unknown) => JSON.stringify(value)

describe('a line in', () => {
  it('a title is enough; what is missing is null', () => {
    expect(parseClassifyLine(line({ id: 7, title: 'Sync' }))).toEqual({ ok: true, id: '7', input: invitation('Sync') })
  })

  it('counts listed people once each, rooms not, and their teams and options', () => {
    const parsed = parseClassifyLine(
      line({
        title: 'Sync',
        attendees: [
          'ana@example.com',
          'ANA@example.com',
          { email: 'ben@example.com', optional: true, team: 'Roof', external: false },
          { email: 'cleo@example.org', team: 'Heating', external: true },
          { email: 'room-2@example.com', resource: true },
          4,
        ],
        durationMinutes: 30,
        recurrence: 'weekly',
        organizer: { email: 'ana@example.com' },
      }),
    )
    expect(parsed).toEqual({
      ok: true,
      id: '',
      input: invitation('Sync', '', {
        attendeeCount: 3,
        optionalShare: 1 / 3,
        teamCount: 2,
        externalCount: 1,
        durationMinutes: 30,
        recurrence: 'weekly',
        organizer: 'ana@example.com',
      }),
    })
  })

  it('understands the other names of length, people and organizer', () => {
    expect(
      parseClassifyLine(
        line({ title: 'Sync', duration_min: 45, attendees_hint: 'about 12 people', organizer_hint: 'the chair' }),
      ),
    ).toMatchObject({ ok: true, input: { durationMinutes: 45, attendeeCount: 12, organizer: 'the chair' } })
  })

  it.each(['the 3 teams', 'everyone', '5 to 8 people', 'room 204'])('“%s” is no number of people', hint => {
    expect(parseClassifyLine(line({ title: 'Sync', attendees_hint: hint }))).toMatchObject({
      input: { attendeeCount: null },
    })
  })

  it.each([
    ['not JSON', '{', 'not JSON'],
    ['a list', '[]', 'not an object'],
    ['no title', line({ agenda: 'x' }), '"title"'],
    ['an agenda of numbers', line({ title: '', agenda: 3 }), '"agenda"'],
    ['a negative length', line({ title: '', durationMinutes: -5 }), '"durationMinutes"'],
    ['a length in words', line({ title: '', durationMinutes: 'an hour' }), '"durationMinutes"'],
    ['people as text', line({ title: '', attendees: 'ana' }), '"attendees"'],
    ['a share above one', line({ title: '', optionalShare: 2 }), '"optionalShare"'],
    ['an id as list', line({ title: '', id: [] }), '"id"'],
    ['a recurrence as number', line({ title: '', recurrence: 3 }), '"recurrence"'],
  ])('%s → one sentence that names it', (_, text, named) => {
    const parsed = parseClassifyLine(text)
    expect(parsed.ok).toBe(false)
    expect(!parsed.ok && parsed.problem).toContain(named)
  })
})

describe('a labelled line', () => {
  it('carries kind, source and how sure the reader was', () => {
    expect(
      parseLabelledLine(line({ id: 'a', source: 'town', title: 'Vote', kind: 'decision', confidence: 3 })),
    ).toEqual({
      ok: true,
      meeting: { id: 'a', source: 'town', input: invitation('Vote'), kind: 'decision', sureness: 3 },
    })
  })

  it('without a known kind is refused', () => {
    expect(parseLabelledLine(line({ title: 'Vote', kind: 'vote' }))).toMatchObject({ ok: false })
    expect(parseLabelledLine(line({ kind: 'decision' }))).toMatchObject({ ok: false })
    expect(parseLabelledLine('nonsense')).toMatchObject({ ok: false })
  })
})

describe('a line out', () => {
  it('has the documented fields, in order, rounded', () => {
    const record = classificationRecord('m1', classify(invitation('Vote on the roof', '- Vote (10 min)')))
    expect(Object.keys(record)).toEqual(['id', 'kind', 'scores', 'confidence', 'form', 'forum', 'items', 'basis'])
    expect(record).toMatchObject({
      id: 'm1',
      kind: 'decision',
      forum: null,
      items: [{ text: 'Vote', minutes: 10, kind: 'decision' }],
    })
    expect(String(record.scores.decision).length).toBeLessThanOrEqual(6)
  })
})
