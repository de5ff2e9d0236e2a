/** What can go wrong at a port. Code decides by these, never by a message. */
export const portErrorCodes = [
  'not-found',
  'not-readable',
  'not-supported',
  'too-large',
  'malformed',
  'locked',
  'full',
  'newer-than-code',
  'unavailable',
] as const
export type PortErrorCode = (typeof portErrorCodes)[number]

/** Thrown by adapters. The message is a sentence for people: what happened, to what, the next step. */
export class PortError extends Error {
  readonly code: PortErrorCode
  constructor(code: PortErrorCode, sentence: string, options?: { readonly cause?: unknown }) {
    super(sentence, options)
    this.name = 'PortError'
    this.code = code
  }
}
