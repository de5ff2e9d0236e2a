import type { AuditSection, SkipAnswer, SkipReason } from './types.ts'

/**
 * The words of the skip test. Modest on purpose: a calendar cannot see what a meeting prevents, so nothing is ever said
 * to prove, prevent or cause anything.
 */

/** The verdict in one sentence. */
export function verdictSentence(
  section: AuditSection,
  answer: SkipAnswer,
  basis: readonly SkipReason[],
  teams: number,
): string {
  if (section === 'not-enough-data') return 'This calendar does not carry a judgement on it.'
  const solePairs = figure(basis, 'sole-channel', 'solePairs') ?? figure(basis, 'sole-link-by-report', 'solePairs')
  const alone = solePairs === null ? '' : `: ${count(solePairs, 'pair', 'pairs')} of teams would have no live talk left`
  switch (answer) {
    case 'nothing-would-change':
      return section === 'improve'
        ? 'Its updates would probably not be missed; the rest would.'
        : 'Probably nothing would change.'
    case 'decisions-without-full-context':
      return 'Decisions would probably be made without full context.'
    case 'conflicts-emerge-later':
      return `Conflicts would probably emerge later${alone}.`
    case 'teams-at-cross-purposes':
      // of one team, or of people whose teams are unknown, nothing is said about teams
      return `${teams > 1 ? 'Teams' : 'People'} would probably work at cross-purposes${alone}.`
    case 'cannot-say':
      return 'A calendar cannot say what would be missed, so it is not proposed for skipping.'
  }
}

/** The next step, from the strongest things to change; null when there is none. */
export function adviceText(section: AuditSection, basis: readonly SkipReason[]): string | null {
  const steps: string[] = []
  const settled = new Set<Matter>()
  for (const [rule, matter, step] of adviceOf[section]) {
    const reason = basis.find(each => each.rule === rule)
    // One step for each matter: two lengths in one advice would contradict each other.
    if (!reason || settled.has(matter)) continue
    // That people meet elsewhere is worth a step only where the meeting itself gives no cause for one.
    if (rule === 'same-people-meet-again' && steps.length > 0) continue
    settled.add(matter)
    steps.push(step(reason.figures))
  }
  return steps.length === 0 ? null : steps.slice(0, section === 'improve' ? 3 : 1).join(' ')
}

type Matter = 'length' | 'people' | 'agenda' | 'content' | 'break' | 'next'
type Step = readonly [rule: string, matter: Matter, step: (figures: SkipReason['figures']) => string]

const changes: readonly Step[] = [
  [
    'sole-link-by-report',
    'content',
    () => 'Write the updates, and use the time for what each team plans to change and whom it touches.',
  ],
  [
    'mixed-composition',
    'length',
    ({ remainingMinutes }) => `Write the status part beforehand and keep ${remainingMinutes} minutes for the rest.`,
  ],
  [
    'over-length',
    'length',
    ({ minutes, suggestedMinutes }) =>
      `Try ${suggestedMinutes} minutes instead of ${minutes}: the agenda needs no more.`,
  ],
  [
    'too-many-people',
    'people',
    () => 'Invite those who contribute or are affected, and tell the others the outcome in writing.',
  ],
  ['agenda-missing', 'agenda', () => 'Ask for its purpose in one sentence and an agenda with minutes.'],
  ['no-agenda', 'agenda', () => 'Ask for its purpose in one sentence and an agenda with minutes.'],
  [
    'untimed-and-long',
    'length',
    ({ minutes, suggestedMinutes }) =>
      `Try ${suggestedMinutes} minutes instead of ${minutes}, with a timed agenda a day ahead.`,
  ],
  ['pre-read-suffices', 'content', () => 'Send its items as a pre-read, and meet only for questions.'],
  ['status-round', 'content', () => 'Write the updates, and meet only for what needs a talk.'],
  ['broadcast-you-are-optional', 'people', () => 'You may read the notes instead of coming.'],
  ['optional-you', 'people', () => 'You may ask for the outcome in writing instead of coming.'],
  ['back-to-back', 'break', () => 'End five minutes early: it stands back to back with other meetings.'],
  ['same-people-meet-again', 'content', () => 'See whether its topics fit into the other meeting of the same people.'],
]

const adviceOf: Readonly<Record<AuditSection, readonly Step[]>> = {
  'try-without': [
    [
      'broadcast-you-are-optional',
      'next',
      () => 'Skip the next two, read the notes, and see whether you missed anything.',
    ],
    [
      'same-people-meet-again',
      'next',
      () => 'Move what is left into the other meeting of the same people, skip two and compare.',
    ],
    ['status-round', 'next', () => 'Write the updates in a shared document, skip two and compare.'],
    ['pre-read-suffices', 'next', () => 'Send its items as a text, skip two and compare.'],
  ],
  improve: changes,
  // What is kept is not told to become something else.
  'worth-keeping': changes.filter(([, matter]) => matter !== 'content'),
  'not-enough-data': [
    ['few-occurrences', 'next', () => 'Look again when it has been held three times, or audit a longer window.'],
    ['private', 'next', () => 'Judge it yourself: what would happen if you skipped it?'],
    ['invitees-not-listed', 'next', () => 'Audit an export that lists the people invited.'],
    ['kind-unclear', 'next', () => 'Ask the organizer for its purpose in one sentence; an agenda would settle it.'],
    ['kind-unsure', 'next', () => 'Ask the organizer for its purpose in one sentence; an agenda would settle it.'],
    ['group-of-unknown-size', 'next', () => 'Audit with a list of people, so that the group can be counted.'],
  ],
}

function figure(basis: readonly SkipReason[], rule: string, name: string): number | null {
  const value = basis.find(reason => reason.rule === rule)?.figures[name]
  return typeof value === 'number' ? value : null
}

/** `1 pair`, `3 pairs`, `1,200 pairs`. */
export function count(amount: number, one: string, many: string): string {
  return `${number(amount)} ${amount === 1 ? one : many}`
}

/** At most one decimal, thousands apart: `12`, `8.3`, `1,234`. */
export function number(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10
  const [whole = '', decimals] = String(rounded).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return decimals === undefined ? grouped : `${grouped}.${decimals}`
}

/** `45 minutes`, `1 h 30 min`, `2 h`. */
export function minutesText(minutes: number): string {
  const whole = Math.round(minutes)
  const hours = Math.floor(whole / 60)
  const rest = whole % 60
  if (hours === 0) return `${whole} minutes`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** Whole percent: decimals would claim more than is known. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

export function pairText([a, b]: readonly [string, string]): string {
  return `${a} and ${b}`
}

/** `x`, `x, and y`. */
export function list(parts: readonly string[]): string {
  return parts.length <= 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}
