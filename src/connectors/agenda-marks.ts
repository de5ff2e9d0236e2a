/**
 * The two lines that our part of an invitation stands between, at every provider. Words, since HTML comments do not
 * survive calendars; nothing in them needs an escape in HTML or in iCalendar; and people can read what they mean.
 */
export const agendaStart = '[Minutewise agenda]'
export const agendaEnd = '[End of the Minutewise agenda]'
