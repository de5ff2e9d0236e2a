import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forums, meetingForms, meetingKinds } from '../../../src/domain/classifier/types.ts'
import { responses } from '../../../src/domain/meetings/calendar-event.ts'
import type { Roster } from '../../../src/domain/meetings/types.ts'
import { skipRules, skipTest } from '../../../src/domain/worth/skip-test.ts'
import { anEvent, aRemoval, aRoster } from '../../support/build.ts'
import { aClassification, aStanding, channelsOf, evidenceOf, member, rosterOfTeams } from './case.ts'

const oneTeam = { teams: ['payments', 'payments', 'payments', 'payments'] }
const agendaText = 'Each of us says what we plan'

describe('evidence -> section, answer (basis)', () => {
  it.each([
    {
      evidence: 'a sure status round of one team',
      series: aStanding('s', oneTeam),
      classification: aClassification('status'),
      section: 'try-without',
      answer: 'nothing-would-change',
      basis: ['status-round'],
    },
    {
      evidence: 'an agenda of information only',
      series: aStanding('s', oneTeam),
      classification: aClassification('status', { items: ['status', 'status', 'status'] }),
      section: 'try-without',
      answer: 'nothing-would-change',
      basis: ['status-round', 'pre-read-suffices'],
    },
    {
      evidence: 'a status round with a decision on its agenda',
      series: aStanding('s', oneTeam),
      classification: aClassification('status', { items: ['status 20', 'status 10', 'decision 30'] }),
      section: 'improve',
      answer: 'decisions-without-full-context',
      basis: ['mixed-composition', 'decision-possible'],
    },
    {
      evidence: 'a status round with a disagreement on its agenda',
      series: aStanding('s', oneTeam),
      classification: aClassification('status', { items: ['status', 'status', 'status', 'status', 'conflict'] }),
      section: 'improve',
      answer: 'conflicts-emerge-later',
      basis: ['conflict-possible'],
    },
    {
      evidence: 'a conflict meeting, however unsure',
      series: aStanding('s', { ...oneTeam, agenda: '' }),
      classification: aClassification('conflict', { confidence: 0.3 }),
      section: 'worth-keeping',
      answer: 'conflicts-emerge-later',
      basis: ['conflict-work', 'agenda-missing'],
    },
    {
      evidence: 'a sure decision meeting',
      series: aStanding('s', oneTeam),
      classification: aClassification('decision'),
      section: 'worth-keeping',
      answer: 'decisions-without-full-context',
      basis: ['decision-work'],
    },
    {
      evidence: 'a sure decision meeting that is longer than its agenda',
      series: aStanding('s', { ...oneTeam, minutes: 90 }),
      classification: aClassification('decision', { items: ['decision 30', 'decision 25'] }),
      section: 'improve',
      answer: 'decisions-without-full-context',
      basis: ['over-length', 'decision-work'],
    },
    {
      evidence: 'a decision meeting read with doubt',
      series: aStanding('s', oneTeam),
      classification: aClassification('decision', { confidence: 0.55 }),
      section: 'worth-keeping',
      answer: 'decisions-without-full-context',
      basis: ['decision-possible'],
    },
    {
      evidence: 'a design discussion of fourteen without agenda',
      series: aStanding('s', { teams: Array.from({ length: 14 }, () => 'payments'), agenda: '' }),
      classification: aClassification('alignment', { forum: 'design-discussion' }),
      section: 'improve',
      answer: 'conflicts-emerge-later',
      basis: ['too-many-people', 'agenda-missing', 'forum'],
    },
    {
      evidence: 'an incident review',
      series: aStanding('s', oneTeam),
      classification: aClassification('alignment', { forum: 'incident-review' }),
      section: 'worth-keeping',
      answer: 'decisions-without-full-context',
      basis: ['forum'],
    },
    {
      evidence: 'release planning that a classifier takes for status',
      series: aStanding('s', oneTeam),
      classification: aClassification('status', { forum: 'release-planning' }),
      section: 'worth-keeping',
      answer: 'teams-at-cross-purposes',
      basis: ['forum', 'status-round'],
    },
    {
      evidence: 'alignment within a team',
      series: aStanding('s', oneTeam),
      classification: aClassification('alignment'),
      section: 'worth-keeping',
      answer: 'teams-at-cross-purposes',
      basis: ['alignment-work'],
    },
    {
      evidence: 'alignment of one team that meets again in the same weeks',
      series: aStanding('s', { ...oneTeam, minutes: 90, agenda: '' }),
      classification: aClassification('alignment'),
      context: { overlap: { otherId: 'o', otherTitle: 'Team day', sharedPeople: 1, sharedWeeks: 1 } },
      section: 'improve',
      answer: 'teams-at-cross-purposes',
      basis: ['agenda-missing', 'alignment-work', 'same-people-meet-again'],
    },
    {
      evidence: 'a one-on-one full of updates',
      series: aStanding('s', { teams: ['payments', 'payments'] }),
      classification: aClassification('status', { form: 'one-on-one' }),
      section: 'worth-keeping',
      answer: 'cannot-say',
      basis: ['one-on-one', 'status-round'],
    },
    {
      evidence: 'an interview',
      series: aStanding('s', oneTeam),
      classification: aClassification('unclear', { form: 'interview' }),
      section: 'worth-keeping',
      answer: 'decisions-without-full-context',
      basis: ['interview'],
    },
    {
      evidence: 'a training',
      series: aStanding('s', oneTeam),
      classification: aClassification('status', { form: 'training' }),
      section: 'worth-keeping',
      answer: 'cannot-say',
      basis: ['training'],
    },
    {
      evidence: 'a status call with a client',
      series: aStanding('s', { roster: rosterOfTeams(oneTeam.teams, { externalCount: 2 }) }),
      classification: aClassification('status'),
      section: 'worth-keeping',
      answer: 'cannot-say',
      basis: ['external', 'status-round'],
    },
    {
      evidence: 'a status round with near misses on record',
      series: aStanding('s', oneTeam),
      classification: aClassification('status'),
      context: { nearMisses: 2 },
      section: 'worth-keeping',
      answer: 'conflicts-emerge-later',
      basis: ['near-misses', 'status-round'],
    },
    {
      evidence: 'a broadcast where I am optional',
      series: aStanding('s', {
        roster: aRoster([...crowd(30), member('payments', 99, { required: false, isMe: true })]),
      }),
      classification: aClassification('status', { form: 'broadcast' }),
      section: 'try-without',
      answer: 'nothing-would-change',
      basis: ['status-round', 'broadcast-you-are-optional', 'costly'],
    },
    {
      evidence: 'held twice',
      series: aStanding('s', { ...oneTeam, count: 2 }),
      classification: aClassification('status'),
      section: 'not-enough-data',
      answer: 'cannot-say',
      basis: ['few-occurrences'],
    },
    {
      evidence: 'a forum held twice: the evidence is listed, the judgement withheld',
      series: aStanding('s', { ...oneTeam, count: 2 }),
      classification: aClassification('alignment', { forum: 'architecture-review' }),
      section: 'not-enough-data',
      answer: 'cannot-say',
      basis: ['few-occurrences', 'forum'],
    },
    {
      evidence: 'only a title to go by',
      series: aStanding('s', { ...oneTeam, agenda: '' }),
      classification: aClassification('unclear'),
      section: 'not-enough-data',
      answer: 'cannot-say',
      basis: ['kind-unclear', 'no-agenda'],
    },
    {
      evidence: 'status read with a confidence under one half',
      series: aStanding('s', oneTeam),
      classification: aClassification('status', { confidence: 0.45 }),
      section: 'not-enough-data',
      answer: 'cannot-say',
      basis: ['kind-unsure'],
    },
    {
      evidence: 'a status round with nobody listed',
      series: aStanding('s', { roster: rosterOfTeams([], { known: false }) }),
      classification: aClassification('status'),
      section: 'not-enough-data',
      answer: 'cannot-say',
      basis: ['invitees-not-listed', 'status-round'],
    },
    {
      evidence: 'a coffee',
      series: aStanding('s', oneTeam),
      classification: aClassification('alignment', { form: 'social' }),
      section: 'not-enough-data',
      answer: 'cannot-say',
      basis: ['social'],
    },
  ] as const)('$evidence -> $section, $answer', ({ series, classification, section, answer, basis, ...rest }) => {
    const verdict = skipTest(...evidenceOf(series, classification, [], 'context' in rest ? rest.context : {}))
    expect(verdict).toMatchObject({ section, answer })
    const spoken = verdict.basis.map(({ rule }) => rule)
    expect(spoken.filter(rule => (basis as readonly string[]).includes(rule))).toEqual(basis)
  })
})

describe('single rules', () => {
  it('a private series is not judged', () => {
    const series = aStanding('s', {
      ...oneTeam,
      meetings: aStanding('s', oneTeam).meetings.map(meeting => ({
        ...meeting,
        occurrence: { ...meeting.occurrence, event: anEvent({ title: null, visibility: 'private' }) },
      })),
    })
    expect(skipTest(...evidenceOf(series, aClassification('unclear')))).toMatchObject({ section: 'not-enough-data' })
    expect(rulesOf(series)).toContain('private')
  })

  it('often not held is a figure, and says nothing about being missed', () => {
    const removed = ['2026-03-23', '2026-03-30', '2026-04-06'].map(day => aRemoval(anEvent(), `${day} 10:00`))
    const verdict = skipTest(
      ...evidenceOf(aStanding('s', { ...oneTeam, count: 5, removed }), aClassification('status')),
    )
    expect(verdict.basis.find(({ rule }) => rule === 'stale')).toMatchObject({
      sentence: '3 of its 8 expected occurrences did not take place.',
      figures: { removed: 3, expected: 8 },
    })
  })

  it.each([
    ['', true],
    ['<p>Join Zoom Meeting<br>https://zoom.us/j/123</p>', true],
    ['Meeting ID: 123 456\nPasscode: 99', true],
    ['Hi all', true],
    ['Notes: https://docs.example/abc', false],
    [agendaText, false],
  ])('invitation text %j -> no agenda: %s', (agenda, missing) => {
    expect(rulesOf(aStanding('s', { ...oneTeam, agenda })).includes('no-agenda')).toBe(missing)
  })

  it('a short daily round of one team is proposed with the reason against it, and never surely', () => {
    const cadence = { text: 'daily' as const, perWeek: 5, usual: null }
    const standUp = aStanding('s', { ...oneTeam, minutes: 15, cadence, agenda: '' })
    const verdict = skipTest(...evidenceOf(standUp, aClassification('status')))
    expect(verdict).toMatchObject({ section: 'try-without', sureness: 'some' })
    expect(verdict.basis.find(({ rule }) => rule === 'short-and-daily')!.side).toBe('keep')
  })

  it('a status round known by its title alone is never proposed surely', () => {
    const series = aStanding('s', { ...oneTeam, agenda: '' })
    const words = aClassification('status')
    expect(skipTest(...evidenceOf(series, words)).sureness).toBe('high')
    const titleOnly = { ...words, basis: words.basis.map(each => ({ ...each, where: 'title' as const })) }
    expect(skipTest(...evidenceOf(series, titleOnly)).sureness).toBe('some')
  })

  it('meeting again elsewhere decides nothing: every team meets more than once', () => {
    const overlap = { otherId: 'o', otherTitle: 'Retro', sharedPeople: 1, sharedWeeks: 1 }
    const verdict = skipTest(...evidenceOf(aStanding('s', oneTeam), aClassification('alignment'), [], { overlap }))
    expect(verdict).toMatchObject({ section: 'worth-keeping', advice: null })
    expect(verdict.basis.at(-1)).toMatchObject({ rule: 'same-people-meet-again', side: 'skip' })
  })

  it('a talk of two is not told to have an agenda', () => {
    const pair = aStanding('s', { teams: ['payments', 'payments'], minutes: 90, agenda: '' })
    expect(skipTest(...evidenceOf(pair, aClassification('alignment'))).advice).toBeNull()
  })

  it('a session of half a day with nobody listed is not told to be shorter, nor priced by one head', () => {
    const series = aStanding('s', { roster: rosterOfTeams([], { known: false }), minutes: 300 })
    const verdict = skipTest(...evidenceOf(series, aClassification('decision')))
    expect(verdict).toMatchObject({ section: 'worth-keeping', sureness: 'low', advice: null })
    expect(verdict.basis.map(({ rule }) => rule)).toEqual(['decision-work', 'invitees-not-listed', 'long'])
  })

  describe('a group of unknown size', () => {
    const allStaff = {
      address: 'all-staff@lantern.example',
      members: { low: 0, expected: 1, high: 1 },
      sizeKnown: false,
      guessed: false,
    }
    const withGroup = (people: Roster['people']) =>
      aStanding('s', { roster: aRoster(people, { groups: [allStaff], truncated: true }) })
    const titleOnly = (() => {
      const words = aClassification('status')
      return { ...words, basis: words.basis.map(each => ({ ...each, where: 'title' as const })) }
    })()

    it('and me alone → nobody can say, whatever the agenda says', () => {
      const evidence = evidenceOf(withGroup(crowd(1)), aClassification('status', { items: ['status', 'status'] }))
      expect(evidence[2].lowerBound).toBe(true)
      const verdict = skipTest(...evidence)
      expect(verdict).toMatchObject({ section: 'not-enough-data', sureness: 'low' })
      expect(verdict.basis[0]).toMatchObject({
        rule: 'group-of-unknown-size',
        side: 'unknown',
        sentence: 'A group of unknown size is invited; beside it 1 person is known.',
      })
      expect(verdict.advice).toContain('list of people')
    })

    it('and five people → proposed by what the invitation says, never surely, and not by its title', () => {
      const five = withGroup(crowd(5))
      expect(skipTest(...evidenceOf(five, aClassification('status')))).toMatchObject({
        section: 'try-without',
        sureness: 'low',
      })
      expect(skipTest(...evidenceOf(five, titleOnly)).section).toBe('not-enough-data')
    })

    it('where one speaks to many and I am optional → my seat may be tried without, not surely', () => {
      const me = member('payments', 1, { required: false, isMe: true })
      const verdict = skipTest(
        ...evidenceOf(withGroup([...crowd(1), me]), aClassification('status', { form: 'broadcast' })),
      )
      expect(verdict).toMatchObject({ section: 'try-without', sureness: 'low' })
      const broadcast = verdict.basis.find(({ rule }) => rule === 'broadcast-you-are-optional')
      expect(broadcast!.sentence).toBe('It looks like one speaking to many, and you are optional.')
    })

    it('keeps nothing from being kept', () => {
      const verdict = skipTest(...evidenceOf(withGroup(crowd(1)), aClassification('decision')))
      expect(verdict.section).toBe('worth-keeping')
    })
  })

  it('nobody listed → nothing is said about the people of a decision', () => {
    const sentenceOf = (roster: Roster) =>
      skipTest(...evidenceOf(aStanding('s', { roster }), aClassification('decision'))).basis.find(
        ({ rule }) => rule === 'decision-work',
      )!.sentence
    expect(sentenceOf(rosterOfTeams([], { known: false }))).toBe(
      'Decisions seem to be made here, by its title and agenda.',
    )
    expect(sentenceOf(rosterOfTeams(oneTeam.teams))).toContain('by the people invited')
  })

  it('part status, part talk → the sentence says which part would be missed', () => {
    const mixed = aClassification('status', { items: ['status 20', 'status 20', 'alignment 20'] })
    expect(skipTest(...evidenceOf(aStanding('s', oneTeam), mixed))).toMatchObject({
      section: 'improve',
      sentence: 'Its updates would probably not be missed; the rest would.',
    })
  })

  it('a handover of updates is kept, and not with the words that nothing would change', () => {
    const verdict = skipTest(
      ...evidenceOf(aStanding('s', { ...oneTeam, title: 'On-call handover' }), aClassification('status')),
    )
    expect(verdict).toMatchObject({ answer: 'decisions-without-full-context' })
  })

  it('that people meet elsewhere comes after every reason of the meeting itself', () => {
    const overlap = { otherId: 'o', otherTitle: 'Retro', sharedPeople: 1, sharedWeeks: 1 }
    const silent = aStanding('s', { ...oneTeam, agenda: '' })
    const { basis } = skipTest(...evidenceOf(silent, aClassification('status'), [], { overlap }))
    expect(basis.filter(({ side }) => side === 'skip').map(({ rule }) => rule)).toEqual([
      'status-round',
      'no-agenda',
      'same-people-meet-again',
    ])
  })

  it('a meeting that has something of its own to change is not told to move into another', () => {
    const overlap = { otherId: 'o', otherTitle: 'Retro', sharedPeople: 1, sharedWeeks: 1 }
    const mixed = aClassification('status', { items: ['status 20', 'status 20', 'alignment 20'] })
    const { advice } = skipTest(...evidenceOf(aStanding('s', oneTeam), mixed, [], { overlap }))
    expect(advice).toContain('Write the status part')
    expect(advice).not.toContain('other meeting')
  })

  it('standing back to back is a hint', () => {
    expect(rulesOf(aStanding('s', oneTeam), { backToBack: { touching: 4, held: 8 } })).toContain('back-to-back')
    expect(rulesOf(aStanding('s', oneTeam), { backToBack: { touching: 3, held: 8 } })).not.toContain('back-to-back')
  })

  it('an optional seat is a reason to ask for the outcome in writing', () => {
    const roster = aRoster([...crowd(4), member('payments', 9, { required: false, isMe: true })])
    const verdict = skipTest(...evidenceOf(aStanding('s', { roster }), aClassification('alignment')))
    expect(verdict).toMatchObject({ section: 'improve', advice: expect.stringContaining('in writing') })
  })

  it('what to change comes as one advice with one length in it', () => {
    const classification = aClassification('alignment', { items: ['status 20', 'alignment 20', 'decision 20'] })
    const verdict = skipTest(...evidenceOf(aStanding('s', { ...oneTeam, minutes: 90 }), classification))
    expect(verdict.section).toBe('improve')
    expect(verdict.advice).toContain('Write the status part beforehand and keep 40 minutes')
    // Not a second length beside it, although the agenda is shorter than the slot.
    expect(verdict.advice).not.toContain('instead of 90')
  })
})

describe('hard rules, whatever else is true', () => {
  const anyRoster: fc.Arbitrary<Roster> = fc
    .record({
      people: fc.array(
        fc.record({
          team: fc.constantFrom('a', 'b', 'c'),
          response: fc.constantFrom(...responses),
          required: fc.boolean(),
        }),
        { maxLength: 12 },
      ),
      externalCount: fc.constantFrom(0, 0, 0, 0, 2),
      known: fc.constantFrom(true, true, true, false),
    })
    .map(({ people, ...rest }) =>
      aRoster(
        people.map((each, index) => member(each.team, index, each)),
        rest,
      ),
    )
  const anyEvidence = fc
    .record({
      kind: fc.oneof(fc.constant('status' as const), fc.constantFrom(...meetingKinds, 'unclear' as const)),
      confidence: fc.oneof(fc.constant(0.9), fc.double({ min: 0, max: 1, noNaN: true })),
      form: fc.oneof(fc.constantFrom('team' as const, 'broadcast' as const), fc.constantFrom(...meetingForms)),
      forum: fc.constantFrom(null, null, null, null, null, null, null, ...forums),
      items: fc.oneof(
        fc.constant([]),
        fc.array(
          fc.constantFrom(
            'status',
            'status',
            'status 10',
            'status 10',
            'decision',
            'alignment 20',
            'conflict',
            'unclear',
          ),
          { maxLength: 3 },
        ),
      ),
      roster: anyRoster,
      otherRoster: fc.oneof(fc.constant(rosterOfTeams(['a', 'b', 'c'])), anyRoster),
      otherKind: fc.constantFrom('status' as const, 'alignment' as const),
      minutes: fc.constantFrom(15, 45, 90, 180),
      count: fc.integer({ min: 1, max: 12 }),
      agenda: fc.constantFrom('', agendaText),
      teamsKnown: fc.boolean(),
      nearMisses: fc.constantFrom(null, 0, 2),
      meetsAgain: fc.boolean(),
    })
    .map(drawn => {
      const { kind, confidence, form, forum, items, minutes, count, agenda, roster, teamsKnown, nearMisses } = drawn
      const series = aStanding('s', { roster, minutes, count, agenda })
      const other = aStanding('o', { roster: drawn.otherRoster })
      const overlap = { otherId: 'o', otherTitle: 'Other', sharedPeople: 1, sharedWeeks: 1 }
      return evidenceOf(
        series,
        aClassification(kind, { confidence, form, forum, items }),
        [[other, aClassification(drawn.otherKind)]],
        { teamsKnown, nearMisses, overlap: drawn.meetsAgain ? overlap : null },
      )
    })

  it('try-without never holds what somebody may need, and nothing sounds surer than it is', () => {
    let proposed = 0
    fc.assert(
      fc.property(anyEvidence, evidence => {
        const [series, classification, , channels, context] = evidence
        const verdict = skipTest(...evidence)
        expect(verdict.basis.length).toBeGreaterThan(0)
        expect(verdict.sentence).not.toBe('')
        if (classification.confidence < 0.6) expect(verdict.sureness).not.toBe('high')
        if (verdict.section === 'not-enough-data')
          expect(verdict).toMatchObject({ answer: 'cannot-say', sureness: 'low' })
        if (verdict.section === 'improve') expect(verdict.advice).not.toBeNull()
        if (verdict.section !== 'try-without') expect(verdict.sentence).not.toBe('Probably nothing would change.')
        if (verdict.section !== 'try-without') return
        proposed++
        expect(verdict.answer).toBe('nothing-would-change')
        expect(verdict.advice).not.toBeNull()
        expect(classification).toMatchObject({ forum: null })
        expect(['conflict', 'unclear', 'decision']).not.toContain(classification.kind)
        expect(['one-on-one', 'interview', 'training', 'external', 'social']).not.toContain(classification.form)
        expect(classification.items.some(({ kind }) => kind === 'conflict')).toBe(false)
        expect(channels?.sole ?? []).toEqual([])
        expect(series.roster).toMatchObject({ externalCount: 0, known: true })
        expect(series.roster.people.length).not.toBe(2)
        expect(series.meetings.length).toBeGreaterThanOrEqual(3)
        expect(context.nearMisses ?? 0).toBe(0)
        expect(classification.confidence).toBeGreaterThanOrEqual(0.5)
      }),
      { numRuns: 1_500, seed: 20_260_319 },
    )
    expect(proposed).toBeGreaterThan(20)
  })

  it('following every proposal at once leaves each linked pair of teams a live link', () => {
    const anOrganisation = fc.array(
      fc.record({
        teams: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 3, maxLength: 6 }),
        kind: fc.constantFrom('status' as const, 'status' as const, ...meetingKinds),
        confidence: fc.constantFrom(0.45, 0.7, 0.9),
        form: fc.constantFrom('team' as const, 'cross-team' as const, 'broadcast' as const),
        items: fc.array(fc.constantFrom('status', 'status', 'status', 'alignment'), { maxLength: 2 }),
        minutes: fc.constantFrom(15, 30, 60),
      }),
      { minLength: 1, maxLength: 6 },
    )
    let proposed = 0
    fc.assert(
      fc.property(anOrganisation, drawn => {
        const tested = drawn.map(
          ({ teams, minutes, kind, ...rest }, index) =>
            [aStanding(`s${index}`, { teams, minutes }), aClassification(kind, rest)] as const,
        )
        const channels = channelsOf(tested)
        const dropped = new Set(
          tested
            .map(([series, classification]) => skipTest(...evidenceOf(series, classification, tested)))
            .filter(({ section }) => section === 'try-without')
            .map(({ seriesId }) => seriesId),
        )
        proposed += dropped.size
        for (const { through } of channels?.pairs ?? [])
          expect(through.some(({ seriesId }) => !dropped.has(seriesId))).toBe(true)
      }),
      { numRuns: 300, seed: 20_260_320 },
    )
    expect(proposed).toBeGreaterThan(20)
  })

  it('never claims to prove, prevent or cause anything', () => {
    fc.assert(
      fc.property(anyEvidence, evidence => {
        const { sentence, advice, basis } = skipTest(...evidence)
        const words = [sentence, advice ?? '', ...basis.map(reason => reason.sentence)].join(' ')
        expect(words).not.toMatch(/\b(?:prov(?:es?|en)|prevent(?:s|ed)?|caus(?:es?|ed))\b/i)
        expect(words).not.toMatch(/undefined|NaN|null/)
      }),
      { numRuns: 400, seed: 20_260_321 },
    )
  })
})

describe('the rules as a table', () => {
  it('have ids of their own, in kebab-case, and say what they look at', () => {
    const ids = skipRules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, about } of skipRules) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(about.length).toBeGreaterThan(20)
    }
  })
})

function rulesOf(series: ReturnType<typeof aStanding>, context: Parameters<typeof evidenceOf>[3] = {}): string[] {
  return skipTest(...evidenceOf(series, aClassification('status'), [], context)).basis.map(({ rule }) => rule)
}

function crowd(count: number) {
  return Array.from({ length: count }, (_, index) => member('payments', index))
}
