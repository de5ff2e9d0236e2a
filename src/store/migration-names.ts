/**
 * The files of `migrations/`, in order. A Worker has no folder to look into, and must still know whether its database
 * is current; a test keeps this list and the folder equal.
 */
export const migrationNames = ['0001_audits.sql', '0002_live_calendars.sql'] as const
