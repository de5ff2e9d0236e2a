import type { VisibleCalendar } from './mailbox.ts'
import { accessDenied, GraphProblem } from './problem.ts'
import type { Bearer } from './sign-in.ts'

export type CalendarNeed = 'read' | 'write'

/**
 * Whether the bearer may read or write this calendar, and whether it sees the basic properties alone. Applications have
 * roles and reach every mailbox; a person's scopes reach their own calendars, and with `.Shared` those shared with them.
 *
 * @throws GraphProblem 403
 */
export function calendarAccess(
  bearer: Bearer,
  need: CalendarNeed,
  calendar: VisibleCalendar | null,
): { isBasic: boolean } {
  const has = (name: string) => bearer.permissions.has(name)
  const isShared = calendar?.isShared === true
  const canWrite = bearer.person === null || !isShared ? has('Calendars.ReadWrite') : false
  const writes = canWrite || (bearer.person !== null && has('Calendars.ReadWrite.Shared'))
  if (need === 'write') {
    if (!writes || calendar?.canEdit === false) throw accessDenied()
    return { isBasic: false }
  }
  const own = has('Calendars.Read') || has('Calendars.ReadWrite')
  const shared = bearer.person !== null && (has('Calendars.Read.Shared') || has('Calendars.ReadWrite.Shared'))
  if (isShared && bearer.person !== null ? shared : own || shared) return { isBasic: false }
  const basic = bearer.person === null ? ['Calendars.ReadBasic.All', 'Calendars.ReadBasic'] : ['Calendars.ReadBasic']
  if (basic.some(has) && !(isShared && bearer.person !== null)) return { isBasic: true }
  throw accessDenied()
}

/** @throws GraphProblem 403 unless one of the permissions was consented to. */
export function needsOneOf(bearer: Bearer, permissions: readonly string[]): void {
  if (permissions.some(name => bearer.permissions.has(name))) return
  throw new GraphProblem(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
}
