/**
 * What can go wrong on the other side of a port, as a short list: callers decide by code, people read the sentence.
 * Only the world's failures are port errors; a statement that does not parse is our own mistake and stays a plain
 * error.
 */
const portErrorCodes = [
  /** Somebody else holds it or it is overloaded: the same call may pass later. */
  'busy',
  /** No answer at all: the same call may pass later. */
  'unreachable',
  /** No room left on the disk or in the plan. */
  'full',
  /** May be read and not written. */
  'read-only',
  /** The operating system or the provider says no. */
  'denied',
  'not-found',
  /** There, and not what it should be: another program's file, a damaged one. */
  'malformed',
  /** Written by a newer Minutewise than this one. */
  'newer',
  /** One value or one batch is beyond what the engine takes. */
  'too-large',
  /** A rule of the schema refused the write; nothing of its batch was kept. */
  'conflict',
  /** This machine cannot run the adapter: its native part is missing or made for another Node. */
  'unsupported',
  'failed',
] as const
export type PortErrorCode = (typeof portErrorCodes)[number]

/** Thrown by every adapter. `message` is a whole sentence: what happened, to what, the next step. */
export class PortError extends Error {
  readonly code: PortErrorCode

  constructor(code: PortErrorCode, sentence: string, options?: { readonly cause?: unknown }) {
    super(sentence, options)
    this.name = 'PortError'
    this.code = code
  }
}
