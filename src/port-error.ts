/**
 * What can go wrong on the other side of a port, as a short list: callers decide by code, people read the sentence.
 * Only the world's failures are port errors; a statement that does not parse is our own mistake and stays a plain
 * error.
 */
export const portErrorCodes = [
  /** Somebody else holds it or it is overloaded: the same call may pass later, from `retryAt` on where it is known. */
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
  /** There, and not what it should be: another program's file, a damaged one, an answer nobody can read. */
  'malformed',
  /** Written by a newer Minutewise than this one. */
  'newer',
  /** One value or one batch is beyond what the engine takes. */
  'too-large',
  /** A rule of the schema refused the write, or somebody else was faster; nothing of its batch was kept. */
  'conflict',
  /** This machine cannot run the adapter: its native part is missing or made for another Node. */
  'unsupported',
  /** The provider does not know the cursor any more: begin a full round. */
  'cursor-expired',
  /** The consent behind an account is gone: only its owner can give it again (`connect`). */
  'signed-out',
  /** The provider knows the person and has no calendar for them: a state, no failure. */
  'no-mailbox',
  /** The provider calls our request wrong. Trying again changes nothing: it is a bug of ours or a new rule of theirs. */
  'rejected',
  /** The work allowed for now is done; the next tick goes on from here. */
  'paused',
  'failed',
] as const
export type PortErrorCode = (typeof portErrorCodes)[number]

/** Thrown by every adapter. `message` is a whole sentence: what happened, to what, the next step. */
export class PortError extends Error {
  readonly code: PortErrorCode
  /** Epoch milliseconds before which the same call makes no sense; null when nobody said. */
  readonly retryAt: number | null

  constructor(
    code: PortErrorCode,
    sentence: string,
    options: { readonly cause?: unknown; readonly retryAt?: number | null } = {},
  ) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'PortError'
    this.code = code
    this.retryAt = options.retryAt ?? null
  }
}
