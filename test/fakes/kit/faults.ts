/** A fault plan as data: what goes wrong, for which requests, how often. */
export interface Fault {
  /** Substring of `METHOD /path?query`, or a pattern on it. Every request when absent. */
  readonly match?: string | RegExp
  /** How many matching requests it hits; 1 by default. */
  readonly times?: number
  /** Matching requests that pass before the first hit. */
  readonly after?: number
  readonly action: FaultAction
}

export type FaultAction =
  /** Answers with this instead; the request is not done. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Done, and answered late: `ms` of real time. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection breaks; the request is not done. */
  | { readonly kind: 'reset' }
  /** Done, and the connection breaks before the answer: the caller cannot know. */
  | { readonly kind: 'lost-answer' }
  /** Done; the answer ends in the middle. */
  | { readonly kind: 'truncate' }
  /** Done; the answer is no JSON. */
  | { readonly kind: 'malformed' }
  /** Done twice, the second answer is given. */
  | { readonly kind: 'duplicate' }

export interface FaultPlan {
  add(...faults: readonly Fault[]): void
  clear(): void
  /** The first fault that hits this request, counted down. */
  next(request: string): FaultAction | null
}

export function faultPlan(faults: readonly Fault[] = []): FaultPlan {
  let open = faults.map(opened)
  return {
    add(...more) {
      open.push(...more.map(opened))
    },
    clear() {
      open = []
    },
    next(request) {
      for (const fault of open) {
        if (fault.left === 0 || !matches(fault.match, request)) continue
        if (fault.skip > 0) {
          fault.skip--
          continue
        }
        fault.left--
        return fault.action
      }
      return null
    },
  }
}

const opened = (fault: Fault) => ({ ...fault, left: fault.times ?? 1, skip: fault.after ?? 0 })

function matches(match: Fault['match'], request: string): boolean {
  if (match === undefined) return true
  return typeof match === 'string' ? request.includes(match) : match.test(request)
}
