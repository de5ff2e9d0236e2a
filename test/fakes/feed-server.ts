import { createHash } from 'node:crypto'
import { type FaultPlan, faultPlan } from './kit/faults.ts'
import { type RequestJournal, serve } from './kit/serve.ts'

/** A web server that publishes one calendar file, as they do: with validators or without, well or badly. */
export interface FeedServer {
  /** The feed's whole address, with its secret in it. */
  readonly feedUrl: string
  /** What must never be shown. */
  readonly secret: string
  readonly faults: FaultPlan
  readonly journal: RequestJournal
  /** Publishes this from now on. */
  publish(text: string | Uint8Array): void
  /** Which validators it gives and keeps; both at first. */
  validators: 'both' | 'etag' | 'date' | 'none'
  /** Answers like this, whatever is asked; null for the calendar. */
  answer: (() => Response) | null
  close(): Promise<void>
}

export async function startFeedServer(): Promise<FeedServer> {
  const secret = 'private-3f9c0b7e51'
  const faults = faultPlan()
  let body: Uint8Array<ArrayBuffer> = new Uint8Array()
  let changes = 0
  const state: { validators: FeedServer['validators']; answer: FeedServer['answer'] } = {
    validators: 'both',
    answer: null,
  }
  const served = await serve(
    {
      fetch(request) {
        if (state.answer !== null) return state.answer()
        const { pathname } = new URL(request.url)
        if (!pathname.includes(secret)) return new Response('nothing here', { status: 404 })
        const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 12)}"`
        const modified = new Date(Date.UTC(2026, 2, 1) + changes * 1_000).toUTCString()
        const headers = new Headers({ 'content-type': 'text/calendar; charset=utf-8' })
        if (state.validators === 'both' || state.validators === 'etag') headers.set('etag', etag)
        if (state.validators === 'both' || state.validators === 'date') headers.set('last-modified', modified)
        // RFC 9110 section 13.1.3: a date is ignored beside an etag
        const asked = request.headers.get('if-none-match')
        const since = request.headers.get('if-modified-since')
        const isSame = asked !== null ? asked === headers.get('etag') : since !== null && since === modified
        return isSame ? new Response(null, { status: 304, headers }) : new Response(body, { headers })
      },
    },
    faults,
  )
  return {
    feedUrl: `${served.url}calendars/${secret}/basic.ics`,
    secret,
    faults,
    journal: served.journal,
    publish(text) {
      body = new Uint8Array(typeof text === 'string' ? new TextEncoder().encode(text) : text)
      changes++
    },
    get validators() {
      return state.validators
    },
    set validators(validators) {
      state.validators = validators
    },
    get answer() {
      return state.answer
    },
    set answer(answer) {
      state.answer = answer
    },
    close: served.close,
  }
}
