import type { Tier } from '../connector.ts'
import type { MicrosoftGrant } from './mailbox.ts'

/**
 * The least permissions of Microsoft Graph for a tier. For a person: the scopes to ask for at sign-in. For an
 * organisation: the application permissions an administrator grants to the app; at the token address such an app asks
 * for `.default` alone (`applicationScope`). Graph has nothing below `Calendars.ReadBasic` for a calendar view, so
 * free/busy asks for that and keeps only the times.
 */
export function microsoftScopes(tier: Tier, { grant }: { readonly grant: MicrosoftGrant }): readonly string[] {
  if (grant === 'organisation') {
    return [
      applicationPermissions[tier],
      'MailboxSettings.Read',
      'User.Read.All',
      'GroupMember.Read.All',
      'Place.Read.All',
    ]
  }
  return ['openid', 'profile', 'offline_access', 'MailboxSettings.Read', ...delegatedScopes[tier]]
}

/** What an app with application permissions asks for at the token address; `api` as in `GraphRoots`. */
export function applicationScope(api: string): string {
  return `${api.replace(/\/+$/, '')}/.default`
}

/** Calendars that others share take `.Shared` twins of these, which nobody asks for here: they come as `denied`. */
const delegatedScopes: Readonly<Record<Tier, readonly string[]>> = {
  'free-busy': ['Calendars.ReadBasic'],
  basic: ['Calendars.ReadBasic'],
  content: ['Calendars.Read'],
  'write-back': ['Calendars.ReadWrite'],
}

const applicationPermissions: Readonly<Record<Tier, string>> = {
  'free-busy': 'Calendars.ReadBasic.All',
  basic: 'Calendars.ReadBasic.All',
  content: 'Calendars.Read',
  'write-back': 'Calendars.ReadWrite',
}
