import { describe, expect, it } from 'vitest'
import { classify } from '../../../src/domain/classifier/classify.ts'
import type { Forum, MeetingForm } from '../../../src/domain/classifier/types.ts'
import { invitation } from './invitation.ts'

describe('forums', () => {
  it.each<[title: string, forum: Forum]>([
    ['Architecture review', 'architecture-review'],
    ['Weekly Architecture Review Board', 'architecture-review'],
    ['Architekturrunde Plattform', 'architecture-review'],
    ["Comité d'architecture", 'architecture-review'],
    ['アーキテクチャレビュー', 'architecture-review'],
    ['Release planning 5.3', 'release-planning'],
    ['Release readiness review', 'release-planning'],
    ['Change Advisory Board', 'release-planning'],
    ['リリース判定会議', 'release-planning'],
    ['Incident review', 'incident-review'],
    ['Postmortem: checkout outage', 'incident-review'],
    ['Blameless review of the night of 3 May', 'incident-review'],
    ['Root cause analysis pump 4', 'incident-review'],
    ['Morbidity and mortality conference', 'incident-review'],
    ['Morbidity & mortality', 'incident-review'],
    ['M&M', 'incident-review'],
    ['M&M surgery', 'incident-review'],
    ['RMM chirurgie', 'incident-review'],
    ['Revue de morbi-mortalité', 'incident-review'],
    ['CIRS', 'incident-review'],
    ['CIRS-Konferenz Anästhesie', 'incident-review'],
    ['RFC review', 'design-discussion'],
    ['API review', 'design-discussion'],
    ['Tech design: invoices', 'design-discussion'],
    ['Design review: payments service', 'design-discussion'],
    ['設計レビュー', 'design-discussion'],
  ])('%s → %s', (title, forum) => {
    const found = classify(invitation(title))
    expect(found.forum).toBe(forum)
    expect(found.basis.map(({ rule }) => rule)).toContain(`forum-${forum}`)
  })

  it('“Design review” → a forum only when people of several teams come', () => {
    expect(classify(invitation('Design review')).forum).toBeNull()
    expect(classify(invitation('Design review', 'Schema of the orders service', { teamCount: 3 })).forum).toBe(
      'design-discussion',
    )
  })

  it.each([
    'Performance review',
    'Design of the summer party',
    'Design review summer party poster',
    'Architecture tour of the old town',
    'Press release planning',
    'Album release planning',
    'Literature review',
    'Kitchen design review',
    'Church architecture review by the museum',
    'Review',
    'Release',
    'Design',
    'Planning',
    'Incident',
    'Book release party',
    'Graphic design critique',
    'Salary review',
  ])('%s is no forum', title => {
    expect(classify(invitation(title)).forum).toBeNull()
  })

  it('a forum named in passing in a description is none', () => {
    expect(classify(invitation('Weekly', 'Updates. The architecture review moves to Friday.')).forum).toBeNull()
  })
})

describe('forms', () => {
  it.each<[title: string, known: Parameters<typeof invitation>[2], form: MeetingForm]>([
    ['Mira', { attendeeCount: 2 }, 'one-on-one'],
    ['1:1 Ana and Ben', {}, 'one-on-one'],
    ['Ana / Ben', {}, 'one-on-one'],
    ['Ana <> Ben', {}, 'one-on-one'],
    ['Design / Sales', {}, 'unknown'],
    ['Sync', { attendeeCount: 6, teamCount: 1 }, 'team'],
    ['Sync', { attendeeCount: 6, teamCount: 3 }, 'cross-team'],
    ['All hands', { attendeeCount: 80 }, 'broadcast'],
    ['Strategy', { attendeeCount: 55 }, 'broadcast'],
    ['Interview: candidate for ward manager', { attendeeCount: 2 }, 'interview'],
    ['Interview debrief', { attendeeCount: 5, teamCount: 1 }, 'team'],
    ['Fire safety training', { attendeeCount: 30 }, 'training'],
    ['Model training status', { attendeeCount: 4, teamCount: 1 }, 'team'],
    ['Christmas party', { attendeeCount: 90 }, 'social'],
    ['Labour Party group', { attendeeCount: 12 }, 'unknown'],
    ['Third party risk', { attendeeCount: 5 }, 'unknown'],
    ['Political party briefing', {}, 'unknown'],
    ['Party group, city council', {}, 'unknown'],
    ['Fire drill', { attendeeCount: 30 }, 'training'],
    ['Fire drill debrief', { attendeeCount: 6 }, 'unknown'],
    ['Party planning committee', { attendeeCount: 4, teamCount: 2 }, 'cross-team'],
    ['Focus time', { attendeeCount: 1 }, 'solo'],
    ['Notes', { attendeeCount: 1, hasGroup: true }, 'unknown'],
    ['Contract', { attendeeCount: 4, externalCount: 2 }, 'external'],
    ['Customer call Acme', {}, 'external'],
    ['Teamsitzung', {}, 'team'],
    ['Vorstellungsgespräch', { attendeeCount: 3 }, 'interview'],
    ['懇親会', {}, 'social'],
    ['Blue', {}, 'unknown'],
  ])('%s with %o → %s', (title, known, form) => {
    const found = classify(invitation(title, '', known))
    expect(found.form).toBe(form)
    if (form !== 'unknown') expect(found.basis.map(({ rule }) => rule)).toContain(`form-${form}`)
  })
})
