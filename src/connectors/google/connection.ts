import type { Clock } from '../../clock.ts'
import type { Account } from '../../store/accounts.ts'
import type { AccountConnection, CalendarAccess, CalendarRef, Tier } from '../connector.ts'
import type { HttpPolicy } from '../http-policy.ts'
import type { GoogleRoots } from '../oauth/token-source.ts'
import { createGoogleConnector, listCalendarsOfEverybody, listOwnCalendars } from './calendar.ts'
import { createGoogleClient, type TokensFor } from './client.ts'
import { createGoogleDirectory } from './directory.ts'
import { createGooglePush } from './push.ts'
import { createGoogleWriter } from './writer.ts'

/**
 * One account at Google. A person's own consent opens the calendars on their list; an organisation's (domain-wide
 * delegation, with `subject` an admin) those of everybody in its directory, each with a token of its owner.
 *
 * Settings: `directory` = `yes` when a personal consent covers the directory too; `page-size` (1 to 2500) and
 * `most-pages` of one round.
 */
export function createGoogleConnection({ http, tokensFor, account, clock, roots }: GoogleDeps): AccountConnection {
  const { tier, grant, subject, settings } = account
  const isOrganisation = grant === 'organisation'
  const client = createGoogleClient({ http, tokensFor, roots, account: subject })
  const personOf = ({ id }: Pick<CalendarRef, 'id'>) => (isOrganisation ? id : null)
  const admin = isOrganisation ? subject : null
  return {
    connector: createGoogleConnector({
      client,
      tier,
      personOf,
      pageSize: wholeNumber(settings['page-size'], 1, 2500) ?? 2500,
      mostPages: wholeNumber(settings['most-pages'], 1, 1_000_000) ?? 2_000,
      listCalendars: budget =>
        isOrganisation
          ? listCalendarsOfEverybody(client, admin, delegatedAccess[tier], budget)
          : listOwnCalendars(client, budget),
    }),
    writer: tier === 'write-back' ? createGoogleWriter({ client, personOf }) : null,
    push: createGooglePush({ client, personOf, clock }),
    directory: isOrganisation || settings.directory === 'yes' ? createGoogleDirectory(client, admin) : null,
    revoke: budget => tokensFor(admin, 'read').revoke(budget),
  }
}

export interface GoogleDeps {
  readonly http: HttpPolicy
  /**
   * Tokens by person and use; null is the account itself, of a personal consent. With delegation `use` decides the
   * scopes (`googleScopes`): one token for reading and writing would be refused where writing is not listed.
   */
  readonly tokensFor: TokensFor
  readonly account: Pick<Account, 'tier' | 'grant' | 'subject' | 'settings'>
  readonly clock: Clock
  readonly roots: GoogleRoots
}

const delegatedAccess: Readonly<Record<Tier, CalendarAccess>> = {
  'free-busy': 'free-busy',
  basic: 'read',
  content: 'read',
  'write-back': 'owner',
}

function wholeNumber(text: string | undefined, least: number, most: number): number | null {
  const number = Number(text ?? Number.NaN)
  return Number.isInteger(number) && number >= least && number <= most ? number : null
}
