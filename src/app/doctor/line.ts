/** `unset`: not there, and that is fine. */
export const doctorStates = ['ok', 'warning', 'problem', 'unset'] as const
export type DoctorState = (typeof doctorStates)[number]

/** One thing that was looked at. */
export interface DoctorLine {
  /** Stays the same from run to run and from version to version: `node`, `account:ID`. */
  readonly id: string
  readonly state: DoctorState
  readonly name: string
  readonly says: string
  /** The next step; null when there is nothing to do. */
  readonly help: string | null
}

export function line(id: string, state: DoctorState, name: string, says: string, help: string | null): DoctorLine {
  return { id, state, name, says, help }
}
