import type { Forum, MeetingForm } from '../classifier/types.ts'
import type { Roster } from '../meetings/types.ts'
import { defaultWeeksPerYear } from './cost.ts'
import type { SkipFacts } from './skip-facts.ts'
import { isStatusRound, sureFrom, usableFrom } from './skip-facts.ts'
import type { SeriesChannels, SeriesCost, SkipReason } from './types.ts'
import { count, list, minutesText, number, pairText, percent } from './verdict-words.ts'

/**
 * What a rule may do with a series, beside being listed:
 * - `keeps-firmly`: never under try-without, and worth keeping whatever else is wrong with it;
 * - `keeps`: never under try-without; enough to change puts it under improve;
 * - `softens`: it has something besides updates, so improve is the most that can be said against it;
 * - `carries`: enough to propose trying without it, where nothing keeps or softens;
 * - `changes`: something to change;
 * - `blocks`: no judgement, unless something keeps it;
 * - `speaks`: listed as evidence, decides nothing.
 */
export type RulePower = 'keeps-firmly' | 'keeps' | 'softens' | 'carries' | 'changes' | 'blocks' | 'speaks'

/** One rule of the skip test. */
export interface SkipRule {
  /** Stable: people look it up, machines match it. */
  readonly id: string
  readonly side: SkipReason['side']
  readonly power: RulePower
  /** 0..1, comparable between rules: the order of the basis. */
  readonly strength: number
  /** What it looks at and why that matters. */
  readonly about: string
  readonly see: (facts: SkipFacts, kept: boolean) => Seen | null
}

export interface Seen {
  readonly sentence: string
  readonly figures: SkipReason['figures']
}

/** Rules that speak for holding a series. They are asked first: some of the others depend on whether one did. */
export const keepRules: readonly SkipRule[] = [
  {
    id: 'near-misses',
    side: 'keep',
    power: 'keeps-firmly',
    strength: 1,
    about: 'The ledger names incidents that were stopped in this series. The one direct sight of its benefit.',
    see: ({ context: { nearMisses } }) =>
      !nearMisses
        ? null
        : {
            sentence: `${count(nearMisses, 'near miss is', 'near misses are')} on record for this series.`,
            figures: { nearMisses },
          },
  },
  {
    id: 'sole-channel',
    side: 'keep',
    power: 'keeps-firmly',
    strength: 0.95,
    about:
      'Pairs of teams that talk live nowhere else: from 20 expected shared minutes in 4 weeks a series links two teams. ' +
      'Where a status round seats them too, the talk is still counted as their only one.',
    see: ({ channels, cost }) =>
      !channels || channels.oneWay || channels.sole.length === 0
        ? null
        : {
            sentence:
              `It is the only place on the calendars read where ${soleText(channels.sole)} talk live.` +
              pairTalkText(channels, cost),
            figures: {
              solePairs: channels.sole.length,
              linkedPairs: channels.pairs,
              minutesPer4Weeks: round(channels.soleMinutesPer4Weeks),
              pairTalkHoursPerYear: channels.pairTalkHoursPerYear,
              meetingHoursPerYear: round(cost.hoursPerWeek.expected * defaultWeeksPerYear),
              pairsWithSharedMember: channels.soleWithDualMember,
            },
          },
  },
  {
    id: 'bridge',
    side: 'keep',
    power: 'keeps-firmly',
    strength: 0.9,
    about: 'Without it two teams would be in separate parts of the organisation, or more than one team apart.',
    see: ({ channels }) =>
      !channels || channels.oneWay || channels.bridges.length === 0
        ? null
        : {
            sentence:
              channels.groupsWithout.length > 1
                ? `Without it its teams fall into ${channels.groupsWithout.length} groups with no live talk between them.`
                : `Without it ${soleText(channels.bridges)} reach each other only over two or more other teams.`,
            figures: { bridges: channels.bridges.length, groupsWithout: channels.groupsWithout.length },
          },
  },
  {
    id: 'forum',
    side: 'keep',
    power: 'keeps',
    strength: 0.9,
    about: 'One of the four forums where teams surface each other’s plans before they become code or incidents.',
    see: ({ classification: { forum, confidence } }) =>
      forum === null ? null : { sentence: forumSentences[forum], figures: { forum, confidence: round(confidence) } },
  },
  {
    id: 'conflict-work',
    side: 'keep',
    power: 'keeps-firmly',
    strength: 0.9,
    about: 'It settles disagreements. In writing these tend to escalate, so it stays live however unsure we are.',
    see: ({ classification: { kind, confidence, scores } }) =>
      kind === 'conflict'
        ? {
            sentence: 'It settles disagreements, which are better spoken about than written about.',
            figures: { confidence: round(confidence), conflictScore: round(scores.conflict) },
          }
        : null,
  },
  {
    id: 'decision-work',
    side: 'keep',
    power: 'keeps',
    strength: 0.8,
    about: `Decisions with trade-offs are made here, with a confidence of at least ${sureFrom}.`,
    see: ({ classification: { kind, confidence }, agenda, series: { roster } }) =>
      kind === 'decision' && confidence >= sureFrom
        ? {
            sentence: roster.known
              ? 'Decisions seem to be made here, live and by the people invited.'
              : 'Decisions seem to be made here, by its title and agenda.',
            figures: { confidence: round(confidence), decisionItems: agenda.decisionItems },
          }
        : null,
  },
  {
    id: 'one-on-one',
    side: 'keep',
    power: 'keeps-firmly',
    strength: 0.85,
    about: 'Two people. A calendar cannot see what they give each other, so deletion is never proposed.',
    see: ({ classification: { form }, series: { roster } }) =>
      form === 'one-on-one' || isTalkOfTwo(roster)
        ? {
            sentence: `${isTalkOfTwo(roster) ? 'It is' : 'It looks like'} a talk between two people; a calendar cannot see what it is worth to them.`,
            figures: roster.known ? { people: roster.people.length } : {},
          }
        : null,
  },
  {
    id: 'interview',
    side: 'keep',
    power: 'keeps-firmly',
    strength: 0.85,
    about: 'An interview is the work, not a meeting about it.',
    see: ({ classification: { form } }) =>
      form === 'interview' ? { sentence: 'It is an interview: the meeting is the work.', figures: {} } : null,
  },
  {
    id: 'training',
    side: 'keep',
    power: 'keeps-firmly',
    strength: 0.75,
    about: 'Training, teaching and client slots are the work, not a meeting about it.',
    see: ({ classification: { form }, series: { meetings } }) =>
      form === 'training' || meetings.some(({ rule }) => rule === 'teaching-or-client')
        ? { sentence: 'It is teaching or training: the meeting is the work.', figures: {} }
        : null,
  },
  {
    id: 'external',
    side: 'keep',
    power: 'keeps',
    strength: 0.75,
    about: 'People outside the organisation come. What they would lose cannot be read from this calendar.',
    see: ({ classification: { form }, series: { roster } }) =>
      form === 'external' || roster.externalCount > 0
        ? {
            sentence:
              roster.externalCount > 0
                ? `${count(roster.externalCount, 'person', 'people')} from outside the organisation ${roster.externalCount === 1 ? 'is' : 'are'} invited.`
                : 'By its title people from outside the organisation take part.',
            figures: { external: roster.externalCount },
          }
        : null,
  },
  {
    id: 'sole-link-by-report',
    side: 'keep',
    power: 'softens',
    strength: 0.8,
    about:
      'A status round or broadcast that is the only live link of some teams. As a report it could be written, but the ' +
      'link must not vanish: turn it into an exchange before it is dropped.',
    see: ({ channels }) =>
      channels?.oneWay && channels.sole.length > 0
        ? {
            sentence: `People only report here, and yet it is the only live link on the calendars read of ${soleText(channels.sole)}.`,
            figures: {
              solePairs: channels.sole.length,
              linkedPairs: channels.pairs,
              minutesPer4Weeks: round(channels.soleMinutesPer4Weeks),
            },
          }
        : null,
  },
  {
    id: 'handover',
    side: 'keep',
    power: 'keeps',
    strength: 0.8,
    about:
      'Responsibility changes hands: on-call, a shift, a ward. It sounds like status, but what was not asked is found ' +
      'out at night.',
    see: ({ series: { title } }) =>
      handoverTitle.test(title)
        ? {
            sentence: 'By its title responsibility changes hands here; a question not asked is found out later.',
            figures: {},
          }
        : null,
  },
  {
    id: 'safety',
    side: 'keep',
    power: 'keeps',
    strength: 0.8,
    about:
      'By its title people’s safety is spoken about: a briefing before an operation, a toolbox talk, safeguarding. It ' +
      'sounds like information, and a word missed is found out by somebody getting hurt.',
    see: ({ series: { title } }) =>
      safetyTitle.test(title)
        ? {
            sentence: 'By its title people’s safety is spoken about; a word missed is found out too late.',
            figures: {},
          }
        : null,
  },
  {
    id: 'cross-team-plans',
    side: 'keep',
    power: 'softens',
    strength: 0.7,
    about: 'Several teams, and items on its agenda where one team’s plan touches another’s.',
    see: ({ series: { roster }, classification: { form }, agenda }) => {
      const touching = agenda.alignmentItems + agenda.conflictItems
      return touching > 0 && (roster.teams.length > 1 || form === 'cross-team')
        ? {
            sentence: `${count(touching, 'item', 'items')} on its agenda ${touching === 1 ? 'touches' : 'touch'} the plans of more than one team.`,
            figures: { items: touching, teams: roster.teams.length },
          }
        : null
    },
  },
  {
    id: 'conflict-possible',
    side: 'keep',
    power: 'softens',
    strength: 0.65,
    about:
      'An item, or a fair share of the evidence, speaks for a disagreement to settle. Missing one costs more than a meeting.',
    see: ({ classification: { kind, scores }, agenda }) =>
      kind !== 'conflict' && (agenda.conflictItems > 0 || (kind !== 'unclear' && scores.conflict >= 0.25))
        ? {
            sentence: 'Some of it looks like a disagreement to settle.',
            figures: { conflictItems: agenda.conflictItems, conflictScore: round(scores.conflict) },
          }
        : null,
  },
  {
    id: 'decision-possible',
    side: 'keep',
    power: 'softens',
    strength: 0.6,
    about: 'Decisions are likely here, but not surely.',
    see: ({ classification: { kind, confidence, scores }, agenda }) =>
      (kind === 'decision' && confidence < sureFrom) ||
      (kind !== 'decision' && (agenda.decisionItems > 0 || (kind !== 'unclear' && scores.decision >= 0.35)))
        ? {
            sentence: 'Some of it looks like decisions to make.',
            figures: { decisionItems: agenda.decisionItems, decisionScore: round(scores.decision) },
          }
        : null,
  },
  {
    id: 'short-and-daily',
    side: 'keep',
    power: 'speaks',
    strength: 0.3,
    about:
      'At most 20 minutes, on at least three days a week, within one team as far as is known. What holds somebody up ' +
      'surfaces the same day; written updates have to be read to do that.',
    see: ({ minutes, series: { cadence, roster } }) =>
      minutes <= 20 && cadence.perWeek >= 3 && roster.teams.length <= 1
        ? {
            sentence: 'It is short and nearly daily, so what holds somebody up surfaces the same day.',
            figures: { minutes, perWeek: round(cadence.perWeek) },
          }
        : null,
  },
  {
    id: 'alignment-work',
    side: 'keep',
    power: 'softens',
    strength: 0.55,
    about: 'Shared understanding is made in conversation: a document informs, it does not align.',
    see: ({ classification: { kind, confidence } }) =>
      kind === 'alignment' && confidence >= usableFrom
        ? {
            sentence: 'It seems to work out a shared understanding, which a document does not replace.',
            figures: { confidence: round(confidence) },
          }
        : null,
  },
]

/** Rules that speak against a series, for changing it, or for not judging it. */
export const otherRules: readonly SkipRule[] = [
  {
    id: 'status-round',
    side: 'skip',
    power: 'carries',
    strength: 0.85,
    about: `A round of updates, with a confidence of at least ${usableFrom}: the description is its end, and can be written.`,
    see: facts =>
      isStatusRound(facts.classification) && !isThinStatus(facts) && !isDuty(facts)
        ? {
            sentence: 'It is a round of updates, which can be written and read.',
            figures: {
              confidence: round(facts.classification.confidence),
              expectedPeople: round(facts.people.expected),
            },
          }
        : null,
  },
  {
    id: 'broadcast-you-are-optional',
    side: 'skip',
    power: 'carries',
    strength: 0.8,
    about: 'One speaks, many listen, and you are not required.',
    see: ({ classification: { form }, iAmOptional, people, hasOpenGroup }) =>
      form === 'broadcast' && iAmOptional
        ? {
            sentence: hasOpenGroup
              ? 'It looks like one speaking to many, and you are optional.'
              : `About ${number(people.expected)} people listen, and you are optional.`,
            figures: { expectedPeople: round(people.expected) },
          }
        : null,
  },
  {
    id: 'pre-read-suffices',
    side: 'skip',
    power: 'carries',
    strength: 0.7,
    about: 'At least two items on the agenda, and all of them are information.',
    see: ({ agenda, classification: { forum } }) =>
      forum === null && agenda.items >= 2 && agenda.statusShare === 1
        ? {
            sentence: `All ${agenda.items} items on its agenda are information that can be read.`,
            figures: { items: agenda.items },
          }
        : null,
  },
  {
    id: 'same-people-meet-again',
    side: 'skip',
    power: 'speaks',
    // Under every reason of the series' own: that people meet elsewhere says nothing about what they do here.
    strength: 0.25,
    about:
      'Nearly the same people meet in another series in the same weeks, at least about as often and for as long at a ' +
      'time. Every team does, so this supports other evidence and decides nothing.',
    see: ({ context: { overlap } }) =>
      overlap
        ? {
            sentence: `${percent(overlap.sharedPeople)} of its people meet again in “${overlap.otherTitle}” in the same weeks.`,
            figures: { sharedPeople: round(overlap.sharedPeople), sharedWeeks: round(overlap.sharedWeeks) },
          }
        : null,
  },
  {
    id: 'no-agenda',
    side: 'skip',
    power: 'speaks',
    strength: 0.45,
    about:
      'At least half of its invitations say nothing beyond how to join. On a meeting to keep this is `agenda-missing`.',
    see: (facts, kept) => (kept ? null : withoutAgenda(facts)),
  },
  {
    id: 'costly',
    side: 'skip',
    power: 'speaks',
    strength: 0.4,
    about: 'At least four expected person-hours a week. Visible cost, listed beside whatever benefit is known.',
    see: ({ cost: { hoursPerWeek, lowerBound }, series: { roster } }) =>
      roster.known && hoursPerWeek.expected >= 4
        ? {
            sentence: `It costs ${lowerBound ? 'at least ' : ''}${number(hoursPerWeek.expected)} person-hours a week.`,
            figures: {
              hoursPerWeek: round(hoursPerWeek.expected),
              low: round(hoursPerWeek.low),
              high: round(hoursPerWeek.high),
            },
          }
        : null,
  },
  {
    id: 'focus-cost',
    side: 'skip',
    power: 'speaks',
    strength: 0.35,
    about: 'Available focus time that would appear without it: at least an hour a week, and more than its own length.',
    see: ({ cost: { myFocusMinutesPerWeek, myMinutesPerWeek } }) =>
      myFocusMinutesPerWeek !== null && myFocusMinutesPerWeek >= 60 && myFocusMinutesPerWeek > (myMinutesPerWeek ?? 0)
        ? {
            sentence: `It breaks up ${minutesText(myFocusMinutesPerWeek)} of your available focus time a week.`,
            figures: {
              myFocusMinutesPerWeek: round(myFocusMinutesPerWeek),
              myMinutesPerWeek: round(myMinutesPerWeek ?? 0),
            },
          }
        : null,
  },
  {
    id: 'disliked',
    side: 'skip',
    power: 'speaks',
    strength: 0.3,
    about:
      'Most people who were asked would rather not have it. A complaint about time says nothing about what it prevents.',
    see: ({ context: { feedback } }) =>
      feedback && feedback.answered >= 3 && feedback.wouldSkip * 2 > feedback.answered
        ? {
            sentence: `${feedback.wouldSkip} of ${feedback.answered} people who answered would rather skip it.`,
            figures: { answered: feedback.answered, wouldSkip: feedback.wouldSkip },
          }
        : null,
  },
  {
    id: 'long',
    side: 'skip',
    power: 'speaks',
    strength: 0.3,
    about: 'An hour and a half or more at a time.',
    see: ({ minutes }) =>
      minutes >= 90 ? { sentence: `It takes ${minutesText(minutes)} each time.`, figures: { minutes } } : null,
  },
  {
    id: 'stale',
    side: 'skip',
    power: 'speaks',
    strength: 0.3,
    about:
      'At least three, and at least three in ten, of its expected occurrences did not take place. Whether anybody missed them the calendar cannot say.',
    see: ({ held, removed }) =>
      removed >= 3 && removed / (held + removed) >= 0.3
        ? {
            sentence: `${removed} of its ${held + removed} expected occurrences did not take place.`,
            figures: { removed, expected: held + removed },
          }
        : null,
  },
  {
    id: 'too-many-people',
    side: 'improve',
    power: 'changes',
    strength: 0.6,
    about: 'More than eight expected people, in a meeting that is no broadcast: few of them speak.',
    see: ({ people, classification: { form }, series: { roster }, hasOpenGroup }) =>
      roster.known && people.expected > 8 && form !== 'broadcast' && form !== 'training' && form !== 'social'
        ? {
            sentence: `${hasOpenGroup ? 'At least' : 'About'} ${number(people.expected)} people are expected; in a meeting of that size few of them speak.`,
            figures: { expectedPeople: round(people.expected), invited: roster.headcount.expected },
          }
        : null,
  },
  {
    id: 'mixed-composition',
    side: 'improve',
    power: 'changes',
    strength: 0.6,
    about:
      'Between a quarter and three quarters of its agenda is status, the rest needs a talk: write the one, keep the other.',
    see: ({ agenda: { statusShare, otherKinds, items, timedMinutes }, minutes }) =>
      statusShare !== null && statusShare >= 0.25 && statusShare <= 0.75 && otherKinds.length > 0
        ? {
            sentence: `${percent(statusShare)} of its agenda is status that can be written; the rest needs the talk.`,
            figures: {
              items,
              statusShare: round(statusShare),
              remainingMinutes: remainingMinutes(Math.min(minutes, timedMinutes ?? minutes), statusShare),
            },
          }
        : null,
  },
  {
    id: 'over-length',
    side: 'improve',
    power: 'changes',
    strength: 0.55,
    about: 'The minutes of its agenda items sum to at least ten less than its length.',
    see: ({ agenda: { timedMinutes, items }, minutes }) =>
      timedMinutes !== null && minutes - timedMinutes >= 10
        ? {
            sentence: `Its ${items} agenda items add up to ${timedMinutes} of ${minutes} minutes.`,
            figures: { minutes, itemMinutes: timedMinutes, suggestedMinutes: roundUp(timedMinutes, 15) },
          }
        : null,
  },
  {
    id: 'agenda-missing',
    side: 'improve',
    power: 'changes',
    strength: 0.5,
    about:
      'A meeting to keep whose invitations, at least half of them, say nothing beyond how to join. Two people, an ' +
      'interview or a training need none; a calendar that lists no people carries no agendas either.',
    see: (facts, kept) => (kept && needsAgenda(facts) && facts.series.roster.known ? withoutAgenda(facts) : null),
  },
  {
    id: 'untimed-and-long',
    side: 'improve',
    power: 'changes',
    strength: 0.4,
    about:
      'Between an hour and a half and three hours without minutes on its agenda: time fills unless something bounds it. ' +
      'Longer ones are sessions or workshops, and where nobody is listed we cannot tell.',
    see: facts =>
      facts.minutes >= 90 &&
      facts.minutes <= 180 &&
      facts.series.roster.known &&
      facts.agenda.timedMinutes === null &&
      needsAgenda(facts)
        ? {
            sentence: `${minutesText(facts.minutes)} are planned without minutes on the agenda.`,
            figures: { minutes: facts.minutes, suggestedMinutes: roundUp((facts.minutes * 2) / 3, 15) },
          }
        : null,
  },
  {
    id: 'optional-you',
    side: 'improve',
    power: 'changes',
    strength: 0.35,
    about: 'You are invited as optional: the outcome may be enough for you.',
    see: ({ iAmOptional, classification: { form } }) =>
      iAmOptional && form !== 'broadcast' ? { sentence: 'You are optional here.', figures: {} } : null,
  },
  {
    id: 'back-to-back',
    side: 'improve',
    power: 'speaks',
    strength: 0.2,
    about: 'At least half of its occurrences touch another of your meetings with under five minutes between.',
    see: ({ context: { backToBack } }) =>
      backToBack && backToBack.held >= 3 && backToBack.touching * 2 >= backToBack.held
        ? {
            sentence: `${backToBack.touching} of ${backToBack.held} times it stands back to back with another meeting of yours.`,
            figures: { touching: backToBack.touching, held: backToBack.held },
          }
        : null,
  },
  {
    id: 'few-occurrences',
    side: 'unknown',
    power: 'blocks',
    strength: 0.5,
    about: 'Held fewer than three times in the window: no habit to judge.',
    see: ({ held }) =>
      held < 3
        ? {
            sentence: `It was held ${count(held, 'time', 'times')} in this window; three are needed.`,
            figures: { held },
          }
        : null,
  },
  {
    id: 'private',
    side: 'unknown',
    power: 'blocks',
    strength: 0.5,
    about: 'The calendar hides what it is about, as it should.',
    see: ({ isPrivate }) =>
      isPrivate ? { sentence: 'It is private: the calendar does not say what it is about.', figures: {} } : null,
  },
  {
    id: 'kind-unclear',
    side: 'unknown',
    power: 'blocks',
    strength: 0.5,
    about: 'Title, agenda and people do not say what it is for.',
    see: ({ classification: { kind, basis } }) =>
      kind === 'unclear'
        ? {
            sentence: basis.every(({ where }) => where === 'title' || where === 'nothing')
              ? 'There is only a title to go by, and it does not say what the meeting is for.'
              : 'What the invitation says does not show what the meeting is for.',
            figures: {},
          }
        : null,
  },
  {
    id: 'kind-unsure',
    side: 'unknown',
    power: 'blocks',
    strength: 0.45,
    about:
      `What it is for was read with a confidence under ${usableFrom}, or, of a status round whose title is all there is, ` +
      `under ${sureFrom}: a regular name is no proof that nothing happens there.`,
    see: facts => {
      const { kind, confidence } = facts.classification
      return kind !== 'unclear' && (confidence < usableFrom || isThinStatus(facts))
        ? {
            sentence: `It looks like ${kind}, but a reading like this is right only ${number(confidence * 10)} times in ten.`,
            figures: { confidence: round(confidence) },
          }
        : null
    },
  },
  {
    id: 'invitees-not-listed',
    side: 'unknown',
    power: 'blocks',
    strength: 0.45,
    about: 'Nobody is listed: who would lose something cannot be said.',
    see: ({ series: { roster } }) =>
      roster.known ? null : { sentence: 'The calendar does not list who is invited.', figures: {} },
  },
  {
    id: 'group-of-unknown-size',
    side: 'unknown',
    power: 'blocks',
    strength: 0.48,
    about:
      'A group is invited and nobody told us who is behind it. It may link people who meet nowhere else, so only what ' +
      'holds whoever comes is enough to propose trying without it, and never surely.',
    see: ({ hasOpenGroup, knownPeople }) =>
      hasOpenGroup
        ? {
            sentence: `A group of unknown size is invited; beside it ${count(knownPeople, 'person is', 'people are')} known.`,
            figures: { knownPeople },
          }
        : null,
  },
  {
    id: 'social',
    side: 'unknown',
    power: 'blocks',
    strength: 0.45,
    about: 'A social occasion: this test is about work that would be missed, and has no measure for it.',
    see: ({ classification: { form } }) =>
      form === 'social' ? { sentence: 'It is a social occasion, which this test cannot measure.', figures: {} } : null,
  },
  {
    id: 'teams-unknown',
    side: 'unknown',
    power: 'speaks',
    strength: 0.1,
    about: 'Without teams nobody can say whether it is the only place where some of them meet.',
    see: ({ context: { teamsKnown }, people, series: { roster } }) =>
      !teamsKnown && roster.known && people.high >= 3
        ? { sentence: 'Teams are not known, so it may link some that meet nowhere else.', figures: {} }
        : null,
  },
]

const forumSentences: Readonly<Record<Forum, string>> = {
  'architecture-review': 'It is an architecture review, where incompatible assumptions show before they become code.',
  'release-planning': 'It is release planning, where teams find out what must happen before what.',
  'incident-review': 'It is an incident review, where one team’s experience reaches the others.',
  'design-discussion': 'It is a design discussion, where concerns surface while they are cheap.',
}

const handoverTitle =
  /hand[- ]?(?:over|off)s?\b|\bshift change\b|\bon[- ]?call (?:review|rotation|change)|übergabe|schichtwechsel|\bpassation\b|\brelève\b|\btraspaso\b|\bcambio de turno|\bentrega de turno|\bpassagem de (?:turno|plantão)|引き?継ぎ|申し送り/iu

const safetyTitle =
  /\b(?:safety|safeguarding|child protection|patients?|theatre (?:team )?brief|surgical|time[- ]?out|toolbox talks?|pre[- ]?flight|crew brief|evacuation|fire drill|infection control)|arbeitsschutz|sicherheits(?:unterweisung|besprechung|gespräch|runde)|patientensicherheit|kinderschutz|sécurité|seguridad|sicurezza|安全/iu

/** A status round by its title alone, and not surely: too little to be told to go. */
function isThinStatus({ classification: { kind, confidence }, isKindFromTitleOnly }: SkipFacts): boolean {
  return kind === 'status' && isKindFromTitleOnly && confidence < sureFrom
}

/** Duty: it may sound like a report, and nobody is told to write it instead. */
function isDuty({ series: { title } }: SkipFacts): boolean {
  return handoverTitle.test(title) || safetyTitle.test(title)
}

const formsWithoutAgenda: ReadonlySet<MeetingForm> = new Set(['one-on-one', 'interview', 'training', 'social', 'solo'])

function needsAgenda(facts: SkipFacts): boolean {
  const { classification, series } = facts
  return !formsWithoutAgenda.has(classification.form) && !isTalkOfTwo(series.roster) && !isDuty(facts)
}

function isTalkOfTwo({ known, people, groups }: Roster): boolean {
  return known && people.length === 2 && groups.length === 0
}

function withoutAgenda({ withoutAgenda: without, held, isPrivate }: SkipFacts): Seen | null {
  if (isPrivate || held < 3 || without * 2 < held) return null
  return { sentence: `No agenda in ${without} of ${held} invitations.`, figures: { withoutAgenda: without, held } }
}

/** What is left of a meeting when its status part is written: to five minutes, at least fifteen. */
function remainingMinutes(minutes: number, statusShare: number): number {
  return Math.min(minutes, Math.max(15, roundUp(minutes * (1 - statusShare), 5)))
}

/** Said only where it is an argument: talking pair by pair would take more time than the meeting does. */
function pairTalkText({ pairTalkHoursPerYear }: SeriesChannels, { hoursPerWeek }: SeriesCost): string {
  const meetingHours = hoursPerWeek.expected * defaultWeeksPerYear
  if (pairTalkHoursPerYear <= meetingHours) return ''
  return ` Pair by pair that would take ${number(pairTalkHoursPerYear)} person-hours a year, against ${number(meetingHours)}.`
}

function soleText(pairs: readonly (readonly [string, string])[]): string {
  const [first] = pairs
  if (first === undefined) return 'nobody'
  if (pairs.length <= 2) return list(pairs.map(pairText))
  return `${pairs.length} pairs of teams (${pairText(first)} among them)`
}

function roundUp(value: number, step: number): number {
  // 60.000000001 minutes are an hour: the share they come from is a quotient.
  return Math.ceil(round(value) / step) * step
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
