import { PortError, type PortErrorCode } from '../../port-error.ts'

/** An answer of Graph that is no success, as what it means to us. `graphCode` is the vendor's own word for it. */
export class GraphRefusal extends PortError {
  readonly status: number
  readonly graphCode: string

  constructor(code: PortErrorCode, sentence: string, status: number, graphCode: string) {
    super(code, sentence)
    this.status = status
    this.graphCode = graphCode
  }
}

export interface RefusedAnswer {
  readonly status: number
  /** `error.code`; empty when the answer has none. */
  readonly graphCode: string
  /** The request went to a link that a former answer gave: it may have been forgotten. */
  readonly isCursor: boolean
  /** A 401 that asks for more than a fresh token: the person has to sign in again. */
  readonly asksForSignIn: boolean
}

/**
 * The one table from Graph's answers to our codes. Codes are words of several services behind Graph, so they are compared
 * in lower case and by what they mean; where none is known the status decides.
 */
export function refusalOf(answer: RefusedAnswer): GraphRefusal {
  const code = codeOf(answer)
  // the vendor's word is shown where it is one: a title or an address never is
  const word = /^[A-Za-z][\w.]{1,60}$/.test(answer.graphCode) ? answer.graphCode : `status ${answer.status}`
  return new GraphRefusal(code, sentences[code](word), answer.status, answer.graphCode)
}

type RefusalCode = keyof typeof sentences

function codeOf({ status, graphCode, isCursor, asksForSignIn }: RefusedAnswer): RefusalCode {
  const word = graphCode.toLowerCase()
  if (isCursor && (status === 410 || (status >= 400 && status < 500 && forgotten.has(word)))) return 'cursor-expired'
  if (withoutMailbox.has(word)) return 'no-mailbox'
  switch (status) {
    case 401:
      return asksForSignIn ? 'signed-out' : 'denied'
    case 403:
      return 'denied'
    case 404:
    case 410:
      return status === 410 && forgotten.has(word) ? 'failed' : 'not-found'
    case 409:
    case 412:
      return 'conflict'
    case 413:
      return 'too-large'
    case 423:
    case 429:
    case 503:
      return 'busy'
    default:
      return status >= 400 && status < 500 && status !== 408 && status !== 425 ? 'rejected' : 'failed'
  }
}

/** connectors: a delta token that the service does not know (any more); all of them mean a fresh round. */
const forgotten: ReadonlySet<string> = new Set([
  'syncstatenotfound',
  'syncstateinvalid',
  'resyncrequired',
  'errorinvalidsyncstatedata',
  'fullsyncrequired',
])

/** Guests, people without a licence, and mailboxes that are not in Exchange Online. */
const withoutMailbox: ReadonlySet<string> = new Set([
  'mailboxnotenabledforrestapi',
  'errormailboxnotenabledforrestapi',
  'mailboxnotsupportedforrestapi',
  'mailboxnothostedinexchangeonline',
  'errornonexistentmailbox',
])

const sentences = {
  'cursor-expired': (word: string) => `Microsoft 365 has forgotten how far this calendar was read (${word}).`,
  'no-mailbox': (word: string) =>
    `This person has no calendar in Microsoft 365 (${word}): a guest, an account without a licence or a mailbox elsewhere.`,
  'signed-out': (word: string) =>
    `Microsoft 365 asks for a new sign-in before it gives anything (${word}); run \`minutewise connect microsoft\` again.`,
  denied: (word: string) =>
    `Microsoft 365 does not allow this (${word}); ask for the permission, or connect the account again with a tier that has it.`,
  'not-found': (word: string) => `Microsoft 365 does not find it any more (${word}).`,
  conflict: (word: string) => `It was changed in Microsoft 365 in the meantime (${word}); look at it again first.`,
  'too-large': (word: string) => `Microsoft 365 calls the request too large (${word}).`,
  busy: (word: string) => `Microsoft 365 is busy (${word}); it is asked again later.`,
  rejected: (word: string) =>
    `Microsoft 365 calls our request wrong (${word}). Trying again does not help; please report it.`,
  failed: (word: string) => `Microsoft 365 failed to answer (${word}); it is asked again later.`,
} satisfies Partial<Record<PortErrorCode, (word: string) => string>>
