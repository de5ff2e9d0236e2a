import type { Tier } from '../connector.ts'
import type { MicrosoftGrant } from './mailbox.ts'

/**
 * The least permissions of Microsoft Graph for a tier. For a person: the scopes to ask for at sign-in, beside those that
 * say who it is and keep the consent. For an organisation: the application permissions an administrator grants to the
 * app; at the token address such an app asks for `.default` alone. Graph has nothing below `Calendars.ReadBasic` for a
 * calendar view, so free/busy asks for that and keeps only the times. Where an administrator leaves out settings, groups
 * or places, their calendars come without a zone and the directory without groups or rooms.
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
  return [delegatedScopes[tier], 'MailboxSettings.Read']
}

/** Calendars that others share take `.Shared` twins of these, which nobody asks for here: they come as `denied`. */
const delegatedScopes: Readonly<Record<Tier, string>> = {
  'free-busy': 'Calendars.ReadBasic',
  basic: 'Calendars.ReadBasic',
  content: 'Calendars.Read',
  'write-back': 'Calendars.ReadWrite',
}

const applicationPermissions: Readonly<Record<Tier, string>> = {
  'free-busy': 'Calendars.ReadBasic.All',
  basic: 'Calendars.ReadBasic.All',
  content: 'Calendars.Read',
  'write-back': 'Calendars.ReadWrite',
}
