import type { Provider } from '../../connectors/connector.ts'
import { agePhrase, staleAfterMs } from '../../domain/reports/freshness.ts'
import type { Instant } from '../../domain/time/types.ts'
import type { AccountFacts, Asked, CalendarFacts } from './facts.ts'
import { type DoctorLine, type DoctorState, line } from './line.ts'

export interface AccountCheckInput {
  readonly now: Instant
  readonly offline: boolean
}

/** A line for each consent, one for what it reads, and one for each calendar with something to say. */
export function accountLines(accounts: readonly AccountFacts[], about: AccountCheckInput): readonly DoctorLine[] {
  if (accounts.length === 0) {
    return [line('accounts', 'unset', 'Accounts', 'nothing is connected', '`minutewise connect --help` shows how.')]
  }
  return accounts.flatMap(account => [
    consentLine(account, about),
    ...(account.status === 'no-mailbox' ? [] : calendarLines(account, about.now)),
  ])
}

/** Whether the consent works, by one answer of its provider. */
export function consentLine(account: AccountFacts, { now, offline }: AccountCheckInput): DoctorLine {
  const { id, provider, label, tier, asked, tokenEndsAt, missingScopes } = account
  const of = (state: DoctorState, parts: readonly string[], help: string | null) =>
    line(`account:${id}`, state, providerNames[provider], [label, tier, ...parts].join(' · '), help)
  const again = connectAgain[provider]
  if (account.status === 'signed-out') return of('problem', [account.sentence ?? 'the consent is gone'], again)

  const token =
    tokenEndsAt === null
      ? []
      : tokenEndsAt > now
        ? [`token good for ${agePhrase(tokenEndsAt - now)}`]
        : ['token ended, renewed when it is needed']
  const scopes = missingScopes.length === 0 ? [] : [`not granted: ${missingScopes.map(shortScope).join(', ')}`]
  switch (asked.kind) {
    case 'refused':
      if (asked.code === 'no-mailbox') return of('unset', [asked.sentence], null)
      return of(isPassing(asked) ? 'warning' : 'problem', [asked.sentence], nextStep(asked, provider))
    case 'too-slow':
      return of(
        'warning',
        [`no answer in ${asked.seconds} seconds`],
        'Try again; does this machine reach the provider?',
      )
    case 'not-asked':
      if (scopes.length > 0) return of('warning', [...scopes, ...token], again)
      return of('ok', ['secret opens', ...token, offline ? 'not asked (--offline)' : 'not asked'], null)
    case 'answered': {
      const { calendars, directory } = asked
      const answered = calendars === null ? 'many calendars' : calendars === 1 ? '1 calendar' : `${calendars} calendars`
      const parts = [answered, ...token, ...(directory?.kind === 'ok' ? ['directory ok'] : [])]
      if (directory?.kind === 'refused') return of('problem', [...parts, `directory: ${directory.sentence}`], null)
      if (scopes.length > 0) return of('warning', [...parts, ...scopes], again)
      return of('ok', parts, null)
    }
  }
}

/** How fresh what was read is: a sum for the account, and a line for each calendar that needs somebody. */
export function calendarLines({ id, calendars }: AccountFacts, now: Instant): readonly DoctorLine[] {
  const selected = calendars.filter(({ isSelected }) => isSelected)
  if (selected.length === 0) {
    const says = calendars.length === 0 ? 'not listed yet' : 'none of them is read'
    const help = calendars.length === 0 ? 'Run `minutewise sync`.' : '`minutewise accounts --read CALENDAR` reads one.'
    return [line(`freshness:${id}`, 'warning', 'Calendars', says, help)]
  }
  const troubled = selected.flatMap(calendar => {
    const trouble = calendarTrouble(calendar)
    return trouble === null ? [] : [{ calendar, ...trouble }]
  })
  const named = troubled.slice(0, mostNamed).map(({ calendar, state, says, help }) => {
    const name = calendar.name ?? calendar.id
    return line(`calendar:${id}:${calendar.id}`, state, 'Calendar', `${name} · ${says}`, help)
  })
  const rest = troubled.slice(mostNamed)
  return [
    freshnessLine(id, selected, now),
    ...named,
    ...(rest.length === 0
      ? []
      : [
          line(
            `calendars:${id}:more`,
            rest.some(({ state }) => state === 'problem') ? 'problem' : 'warning',
            'Calendar',
            `and ${rest.length} more like these`,
            '`minutewise accounts` shows every calendar.',
          ),
        ]),
  ]
}

function freshnessLine(accountId: string, selected: readonly CalendarFacts[], now: Instant): DoctorLine {
  const of = (state: DoctorState, says: string, help: string | null) =>
    line(`freshness:${accountId}`, state, 'Calendars', says, help)
  // what is closed or gone gets no older by waiting; it has a line of its own
  const live = selected.filter(({ status }) => status !== 'closed' && status !== 'gone')
  const read = live.flatMap(({ asOf }) => (asOf === null ? [] : [asOf]))
  const unread = live.length - read.length
  const parts = [`${selected.length} read`, ...(unread === 0 ? [] : [`${unread} not read whole yet`])]
  if (read.length === 0) return of('warning', parts.join(' · '), 'Run `minutewise sync`.')
  const oldest = Math.max(0, now - Math.min(...read))
  const newest = Math.max(0, now - Math.max(...read))
  const says = [
    ...parts,
    `last sync ${agePhrase(newest)} ago`,
    ...(agePhrase(oldest) === agePhrase(newest) ? [] : [`oldest ${agePhrase(oldest)} ago`]),
  ].join(' · ')
  if (unread > 0 || oldest > staleAfterMs) {
    return of('warning', says, 'Run `minutewise sync`, or leave `minutewise sync --watch` running.')
  }
  return of('ok', says, null)
}

const mostNamed = 10

function calendarTrouble({ status, sentence }: CalendarFacts): {
  readonly state: DoctorState
  readonly says: string
  readonly help: string | null
} | null {
  const says = sentence ?? status.replaceAll('-', ' ')
  switch (status) {
    case 'waiting':
    case 'current':
    case 'resyncing':
      return null
    case 'retrying':
      return { state: 'warning', says, help: 'It is tried again by itself; `minutewise sync` tries now.' }
    case 'held':
      return { state: 'warning', says, help: 'When that is right: `minutewise sync --accept CALENDAR`.' }
    case 'closed':
    case 'gone':
      return { state: 'warning', says, help: '`minutewise accounts --leave-out CALENDAR` ends the reading.' }
    case 'needs-attention':
      return { state: 'problem', says, help: 'Trying again does not help; its sentence says what does.' }
  }
}

type Refused = Extract<Asked, { kind: 'refused' }>

/** It may work again without anybody doing anything. */
function isPassing({ code }: Refused): boolean {
  return code === 'busy' || code === 'unreachable' || code === 'paused'
}

function nextStep(asked: Refused, provider: Provider): string | null {
  if (asked.code === 'signed-out' || asked.code === 'malformed') return connectAgain[provider]
  if (isPassing(asked)) return 'Try again later; `--offline` leaves the question out.'
  return null
}

const providerNames: Readonly<Record<Provider, string>> = {
  google: 'Google',
  microsoft: 'Microsoft',
  caldav: 'CalDAV',
  ics: 'Feed',
  memory: 'Memory',
}

const connectAgain: Readonly<Record<Provider, string>> = {
  google: 'Run `minutewise connect google` again for this person.',
  microsoft: 'Run `minutewise connect microsoft` again for this person.',
  caldav: 'Run `minutewise connect caldav` again for this server.',
  ics: 'Run `minutewise connect ics` again for this feed.',
  memory: 'Run `minutewise disconnect` for it.',
}

/** `calendar.events.owned` of a Google scope's address. */
const shortScope = (scope: string): string => scope.split('/').at(-1) ?? scope
