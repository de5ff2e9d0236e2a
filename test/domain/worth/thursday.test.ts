import { describe, expect, it } from 'vitest'
import { skipTest } from '../../../src/domain/worth/skip-test.ts'
import { aClassification, aStanding, evidenceOf } from './case.ts'

/**
 * The Thursday test: the ninety-minute architecture review that eight engineers hate is kept, with numbers; the status
 * round beside it is not. A tool that cuts both or keeps both has failed.
 */
describe('the Thursday test', () => {
  const review = aClassification('alignment', { form: 'cross-team', forum: 'architecture-review' })
  const status = aClassification('status', { form: 'cross-team' })
  const eightTeams = ['payments', 'catalog', 'mobile', 'platform', 'search', 'data', 'security', 'success']
  const fourTeams = ['payments', 'mobile', 'platform', 'catalog', 'payments', 'mobile', 'platform', 'catalog']

  it.each([
    ['eight people from eight teams, no agenda', eightTeams, '', 28],
    ['eight people from eight teams, a thin agenda', eightTeams, 'Each team five minutes on current work', 28],
    ['eight people from four teams, no agenda', fourTeams, '', 6],
  ])('%s -> kept as the only place where these teams talk', (_, teams, agenda, pairs) => {
    const thursday = aStanding('Architecture review', { teams, minutes: 90, agenda })
    const round = aStanding('Status round', { teams: [...teams, ...teams.slice(0, 3)], minutes: 45, agenda: '' })
    const feedback = { answered: 8, wouldSkip: 8 }

    const verdict = skipTest(...evidenceOf(thursday, review, [[round, status]], { feedback }))
    expect(verdict).toMatchObject({ section: 'worth-keeping', answer: 'conflicts-emerge-later' })
    expect(verdict.sentence).toContain(`${pairs} pairs of teams`)
    const byRule = new Map(verdict.basis.map(reason => [reason.rule, reason]))
    expect(byRule.get('forum')).toMatchObject({ side: 'keep', figures: { forum: 'architecture-review' } })
    expect(byRule.get('sole-channel')).toMatchObject({
      side: 'keep',
      figures: { solePairs: pairs, pairTalkHoursPerYear: pairs * 26 },
    })
    // 28 pair talks a fortnight would take longer than the meeting; six would not, and then it is no argument.
    expect(byRule.get('sole-channel')!.sentence.includes('against 562')).toBe(pairs === 28)
    // Both sides are on the table: what it costs, that it is long, and that nobody likes it.
    expect(byRule.get('costly')).toMatchObject({ side: 'skip', sentence: 'It costs 10.8 person-hours a week.' })
    expect(byRule.get('long')).toMatchObject({ side: 'skip' })
    expect(byRule.get('disliked')).toMatchObject({ side: 'skip', figures: { answered: 8, wouldSkip: 8 } })
    // And it may still be shortened.
    expect(verdict.advice).toMatch(/agenda|60 minutes/)
    expect(verdict.basis[0]).toMatchObject({ side: 'keep' })
  })

  it('the 45-minute status round with eleven people of the same teams -> try without', () => {
    const thursday = aStanding('Architecture review', { teams: eightTeams, minutes: 90, agenda: '' })
    const round = aStanding('Status round', {
      teams: [...eightTeams, ...eightTeams.slice(0, 3)],
      minutes: 45,
      agenda: '',
    })
    const verdict = skipTest(...evidenceOf(round, status, [[thursday, review]]))
    expect(verdict).toMatchObject({
      section: 'try-without',
      answer: 'nothing-would-change',
      sureness: 'high',
      sentence: 'Probably nothing would change.',
    })
    expect(verdict.basis.map(({ rule }) => rule)).toEqual(['status-round', 'no-agenda', 'costly', 'too-many-people'])
    expect(verdict.advice).toContain('skip two')
  })

  it('passes without a people file too: the forum alone keeps the review, and the round is proposed with less sureness', () => {
    const teams = { teamsKnown: false }
    const thursday = aStanding('Architecture review', { teams: eightTeams, minutes: 90, agenda: '' })
    const round = aStanding('Status round', {
      teams: [...eightTeams, ...eightTeams.slice(0, 3)],
      minutes: 45,
      agenda: '',
    })
    expect(skipTest(...evidenceOf(thursday, review, [], teams))).toMatchObject({
      section: 'worth-keeping',
      answer: 'conflicts-emerge-later',
    })
    expect(skipTest(...evidenceOf(round, status, [], teams))).toMatchObject({
      section: 'try-without',
      sureness: 'some',
    })
  })

  it('a status round that is truly the only link of its teams -> improve, and it says so', () => {
    const round = aStanding('Status round', { teams: eightTeams, minutes: 45, agenda: '' })
    const verdict = skipTest(...evidenceOf(round, status))
    expect(verdict).toMatchObject({ section: 'improve', answer: 'teams-at-cross-purposes' })
    expect(verdict.basis.find(({ rule }) => rule === 'sole-link-by-report')!.figures).toMatchObject({ solePairs: 28 })
    expect(verdict.advice).toContain('Write the updates')
  })
})
