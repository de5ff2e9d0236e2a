import type { ClassifierInput } from '../../../src/domain/classifier/types.ts'

/** An invitation of which only what a test names is known. */
export function invitation(title: string, agenda = '', known: Partial<ClassifierInput> = {}): ClassifierInput {
  return {
    title,
    agenda,
    durationMinutes: null,
    recurrence: null,
    attendeeCount: null,
    teamCount: null,
    optionalShare: null,
    externalCount: null,
    hasGroup: false,
    organizer: null,
    ...known,
  }
}
