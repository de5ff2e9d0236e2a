/** Which scopes open which method: one of the list is enough. Source: the `scopes` of each method's reference page. */
export const methodScopes = {
  'calendarList.list': ['calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'],
  'calendars.get': [
    'calendar',
    'calendar.readonly',
    'calendar.app.created',
    'calendar.calendars',
    'calendar.calendars.readonly',
  ],
  'settings.list': ['calendar', 'calendar.readonly', 'calendar.settings.readonly'],
  'settings.get': ['calendar', 'calendar.readonly', 'calendar.settings.readonly'],
  'freebusy.query': ['calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'],
  'events.list': [
    'calendar',
    'calendar.readonly',
    'calendar.events',
    'calendar.events.readonly',
    'calendar.events.owned',
    'calendar.events.owned.readonly',
    'calendar.events.freebusy',
    'calendar.events.public.readonly',
    'calendar.app.created',
  ],
  'events.write': ['calendar', 'calendar.events', 'calendar.events.owned', 'calendar.app.created'],
  'channels.stop': [
    'calendar',
    'calendar.readonly',
    'calendar.events',
    'calendar.events.readonly',
    'calendar.events.owned',
    'calendar.events.owned.readonly',
    'calendar.events.freebusy',
    'calendar.calendarlist',
    'calendar.calendarlist.readonly',
    'calendar.settings.readonly',
  ],
  'users.list': ['admin.directory.user', 'admin.directory.user.readonly'],
  'groups.list': ['admin.directory.group', 'admin.directory.group.readonly'],
  'members.list': [
    'admin.directory.group',
    'admin.directory.group.readonly',
    'admin.directory.group.member',
    'admin.directory.group.member.readonly',
  ],
  'rooms.list': ['admin.directory.resource.calendar', 'admin.directory.resource.calendar.readonly'],
} as const
export type ScopedMethod = keyof typeof methodScopes

export const scopePrefix = 'https://www.googleapis.com/auth/'

export function isOpenTo(method: ScopedMethod, granted: ReadonlySet<string>): boolean {
  return methodScopes[method].some(scope => granted.has(scopePrefix + scope))
}

/** How much of events the scopes show: all calendars, the person's own ones, or times alone. */
export function eventReach(granted: ReadonlySet<string>): { readonly any: boolean; readonly owned: boolean } {
  const has = (...names: readonly string[]) => names.some(name => granted.has(scopePrefix + name))
  const any = has('calendar', 'calendar.readonly', 'calendar.events', 'calendar.events.readonly')
  return { any, owned: any || has('calendar.events.owned', 'calendar.events.owned.readonly') }
}

/** Which calendars the scopes let a person write to. */
export function writeReach(granted: ReadonlySet<string>): 'any' | 'owned' | 'none' {
  const has = (name: string) => granted.has(scopePrefix + name)
  if (has('calendar') || has('calendar.events')) return 'any'
  return has('calendar.events.owned') ? 'owned' : 'none'
}

/** A scope that the consent screen knows; others are `invalid_scope`. */
export function isKnownScope(scope: string): boolean {
  if (scope === 'openid' || scope === 'email' || scope === 'profile') return true
  if (!scope.startsWith(scopePrefix)) return false
  const name = scope.slice(scopePrefix.length)
  return name.startsWith('userinfo.') || knownScopes.has(name)
}

const knownScopes: ReadonlySet<string> = new Set(Object.values(methodScopes).flat())
