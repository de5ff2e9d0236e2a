import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { isoInstant } from '../../domain/time/calendar-date.ts'
import type { Instant } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type {
  AgendaText,
  Block,
  BlockKey,
  CalendarId,
  CalendarRef,
  CalendarWriter,
  ItemId,
  TickBudget,
  WrittenBlock,
} from '../connector.ts'
import { agendaIn, canBeMarked, withAgenda } from './agenda-text.ts'
import { type GoogleEvent, parseEvent, parsePage } from './api-types.ts'
import {
  bodyOf,
  type GoogleAnswer,
  type GoogleClient,
  type RawAnswer,
  type RequestOptions,
  unreadable,
} from './client.ts'
import { allPages } from './paging.ts'
import { type Refusal, refusalError } from './refusals.ts'

/**
 * Writing to Google calendars. A block's key is its event id, so that a block can be made once only; our marker is a
 * private extended property, which stays on the owner's own copy. Nothing here tells a guest (`sendUpdates=none`), and
 * every change names the etag it was made for.
 */
export function createGoogleWriter({ client, personOf }: GoogleWriterDeps): CalendarWriter {
  const api = client.calendar.events
  /** Primary calendars whose account has no focus time: consumer accounts, some editions. */
  const withoutFocusTime = new Set<CalendarId>()

  return {
    async createBlock(calendar, block, budget) {
      const wantsFocusTime = block.kind === 'focus' && isPrimary(calendar) && !withoutFocusTime.has(calendar.id)
      let answer = await insert(calendar, block, wantsFocusTime, budget)
      if (wantsFocusTime && !answer.ok && mayBeAboutType(answer)) {
        answer = await insert(calendar, block, false, budget)
        if (answer.ok || answer.status === 409) withoutFocusTime.add(calendar.id)
      }
      if (!answer.ok && answer.status === 409) return await blockThatIsThere(calendar, block, budget)
      return writtenBlock(bodyOf(answer, 'calendar'))
    },

    async moveBlock(calendar, { itemId, etag, startAt, endAt, zone }, budget) {
      const before = await ownBlock(calendar, itemId, budget)
      if (before === null) throw gone('block')
      if (before.etag !== googleEtag(etag)) throw changed('block')
      const answer = await patch(
        calendar,
        itemId,
        { start: moment(startAt, zone), end: moment(endAt, zone) },
        before.etag,
        budget,
      )
      if (answer.ok) return writtenBlock(answer.body)
      if (isGone(answer)) throw gone('block')
      // An answer that was lost on the way has our own change meet us here.
      const now = answer.status === 412 ? await ownBlock(calendar, itemId, budget) : null
      if (now?.startAt === startAt && now.endAt === endAt) return now
      throw answer.status === 412 ? changed('block') : refusalError(answer, 'event')
    },

    async removeBlock(calendar, itemId, budget) {
      const block = await ownBlock(calendar, itemId, budget)
      if (block === null) return
      const answer = await ask(
        calendar,
        options => api.delete({ calendarId: calendar.id, eventId: itemId, sendUpdates: 'none' }, options),
        budget,
        block.etag,
      )
      if (answer.ok || isGone(answer)) return
      // An answer that was lost on the way has our own removal meet us here.
      if (answer.status !== 412) throw refusalError(answer, 'event')
      if ((await ownBlock(calendar, itemId, budget)) !== null) throw changed('block')
    },

    async findBlock(calendar, key, budget) {
      const event = await get(calendar, key, budget, blockFields)
      return event !== null && isOurs(event) ? blockOf(event) : null
    },

    async listBlocks(calendar, window, budget) {
      const entries = await allPages(async pageToken => {
        const answer = await ask(
          calendar,
          options =>
            api.list(
              {
                calendarId: calendar.id,
                privateExtendedProperty: [`${markName}=${markValue}`],
                timeMin: isoInstant(window.startAt),
                timeMax: isoInstant(window.endAt),
                maxResults: 250,
                fields: `nextPageToken,items(${blockFields})`,
                ...(pageToken === null ? {} : { pageToken }),
              },
              options,
            ),
          budget,
        )
        const page = parsePage(bodyOf(answer, 'calendar'), 'items')
        if (page === null) throw unreadable()
        return page
      })
      return entries
        .map(parseEvent)
        .filter(event => event !== null)
        .filter(event => event.status !== 'cancelled' && isOurs(event))
        .map(blockOf)
        .filter(({ startAt, endAt }) => startAt < window.endAt && endAt > window.startAt)
    },

    async readAgenda(calendar, itemId, budget) {
      const event = await get(calendar, itemId, budget, agendaFields)
      if (event === null) throw gone('event')
      return agendaOf(event)
    },

    async writeAgenda(calendar, { itemId, etag, text }, budget) {
      if (text !== null && !canBeMarked(text)) {
        throw new PortError('rejected', 'The agenda has the marks in it that Minutewise puts around it; take them out.')
      }
      const before = await get(calendar, itemId, budget, agendaFields)
      if (before === null) throw gone('event')
      if (before.organizer?.self !== true) {
        throw new PortError(
          'denied',
          'Somebody else organizes this event; only its organizer can put an agenda into it.',
        )
      }
      if (before.etag !== googleEtag(etag)) throw changed('event')
      const description = withAgenda(before.description ?? '', text)
      if (description === (before.description ?? '')) return agendaOf(before)
      const answer = await patch(calendar, itemId, { description }, before.etag, budget, agendaFields)
      if (answer.ok) return agendaOf(eventOf(answer.body))
      if (isGone(answer)) throw gone('event')
      const now = answer.status === 412 ? await get(calendar, itemId, budget, agendaFields) : null
      if (now !== null && (now.description ?? '') === description) return agendaOf(now)
      throw answer.status === 412 ? changed('event') : refusalError(answer, 'event')
    },
  }

  function insert(
    calendar: CalendarRef,
    block: Block,
    asFocusTime: boolean,
    budget: TickBudget,
  ): Promise<GoogleAnswer> {
    const requestBody = { id: block.key, ...bodyOfBlock(block, asFocusTime) }
    return ask(
      calendar,
      options =>
        api.insert({ calendarId: calendar.id, sendUpdates: 'none', fields: blockFields, requestBody }, options),
      budget,
    )
  }

  /** The id is taken: by this block, made before, or by what is left of one that somebody deleted. */
  async function blockThatIsThere(calendar: CalendarRef, block: Block, budget: TickBudget): Promise<WrittenBlock> {
    const answer = await getAnswer(calendar, block.key, budget, blockFields)
    const event = answer.ok ? eventOf(answer.body) : null
    if (event !== null && event.status !== 'cancelled' && isOurs(event)) return blockOf(event)
    if (event?.status === 'cancelled' && isOurs(event) && event.etag !== null) {
      const body = { ...bodyOfBlock(block, event.eventType === 'focusTime'), status: statusOf(block) }
      const restored = await patch(calendar, block.key, body, event.etag, budget)
      if (restored.ok) return writtenBlock(restored.body)
    }
    if (!answer.ok && !isGone(answer)) throw refusalError(answer, 'event')
    throw new PortError(
      'conflict',
      'This block was there before and somebody deleted it; Google does not give its id again. Leave it out, or plan it anew.',
    )
  }

  /** Null when it is gone; `denied` when it does not carry our marker. */
  async function ownBlock(calendar: CalendarRef, itemId: ItemId, budget: TickBudget): Promise<WrittenBlock | null> {
    const event = await get(calendar, itemId, budget, blockFields)
    if (event === null) return null
    if (isOurs(event)) return blockOf(event)
    throw new PortError('denied', 'This event does not carry the mark of Minutewise, so it is left alone.')
  }

  function patch(
    calendar: CalendarRef,
    eventId: ItemId,
    requestBody: calendar_v3.Schema$Event,
    etag: string,
    budget: TickBudget,
    fields = blockFields,
  ): Promise<GoogleAnswer> {
    return ask(
      calendar,
      options => api.patch({ calendarId: calendar.id, eventId, sendUpdates: 'none', fields, requestBody }, options),
      budget,
      etag,
    )
  }

  /** Null when it is gone or was cancelled. */
  async function get(
    calendar: CalendarRef,
    eventId: ItemId,
    budget: TickBudget,
    fields: string,
  ): Promise<GoogleEvent | null> {
    const answer = await getAnswer(calendar, eventId, budget, fields)
    if (!answer.ok && isGone(answer)) return null
    const event = eventOf(bodyOf(answer, 'event'))
    return event.status === 'cancelled' ? null : event
  }

  function getAnswer(
    calendar: CalendarRef,
    eventId: ItemId,
    budget: TickBudget,
    fields: string,
  ): Promise<GoogleAnswer> {
    return ask(calendar, options => api.get({ calendarId: calendar.id, eventId, fields }, options), budget)
  }

  /**
   * All of these may be sent twice: an insert brings its id, a change names the etag it was made for, and what is
   * deleted is deleted.
   */
  function ask(
    calendar: CalendarRef,
    request: (options: RequestOptions) => Promise<RawAnswer>,
    budget: TickBudget,
    etag?: string,
  ): Promise<GoogleAnswer> {
    return client.ask(request, {
      person: personOf(calendar),
      use: 'write',
      budget,
      repeatable: true,
      ...(etag === undefined ? {} : { ifMatch: etag }),
    })
  }
}

export interface GoogleWriterDeps {
  readonly client: GoogleClient
  /** Whose token opens a calendar; null for the account's own. */
  readonly personOf: (calendar: Pick<CalendarRef, 'id'>) => string | null
}

const markName = 'minutewise'
const markValue = 'block'
const keyName = 'minutewiseKey'
const blockFields =
  'id,etag,status,summary,start,end,eventType,attendees(email),attendeesOmitted,extendedProperties(private)'
const agendaFields = 'id,etag,status,organizer(email,self),description'

/**
 * Focus time has to be timed and opaque and to say what becomes of invitations: nothing, since a meeting declined by
 * surprise is worse than one too many. Source: "Manage focus time" of the Calendar API guides.
 */
function bodyOfBlock(block: Block, asFocusTime: boolean): calendar_v3.Schema$Event {
  return {
    summary: block.title,
    start: moment(block.startAt, block.zone),
    end: moment(block.endAt, block.zone),
    status: statusOf(block),
    transparency: 'opaque',
    reminders: { useDefault: false, overrides: [] },
    extendedProperties: { private: { [markName]: markValue, [keyName]: block.key } },
    ...(asFocusTime ? { eventType: 'focusTime', focusTimeProperties: { autoDeclineMode: 'declineNone' } } : {}),
  }
}

function statusOf({ kind }: Block): string {
  return kind === 'hold' ? 'tentative' : 'confirmed'
}

function moment(at: Instant, timeZone: string): calendar_v3.Schema$EventDateTime {
  return { dateTime: isoInstant(at), timeZone }
}

/** A person's primary calendar has their address as its id. */
function isPrimary({ id, ownerAddress }: CalendarRef): boolean {
  return id === 'primary' || id.toLowerCase() === ownerAddress?.toLowerCase()
}

/**
 * Which refusal tells that an account has no focus time is written nowhere, so every one is taken for it that does not
 * clearly speak of something else; a plain block is then tried, and its refusal counts.
 */
function mayBeAboutType({ status, reason }: Refusal): boolean {
  return status === 400 || (status === 403 && !(reason !== null && aboutRights.has(reason)))
}

const aboutRights: ReadonlySet<string> = new Set([
  'requiredAccessLevel',
  'insufficientPermissions',
  'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  'accessNotConfigured',
  'notACalendarUser',
  'quotaExceeded',
  'rateLimitExceeded',
  'userRateLimitExceeded',
])

/** With guests it has become a meeting, which somebody else may count on. */
function isOurs({ privateProperties, attendees, attendeesOmitted }: GoogleEvent): boolean {
  return privateProperties[markName] === markValue && attendees.length === 0 && !attendeesOmitted
}

function isGone(answer: GoogleAnswer): boolean {
  return !answer.ok && (answer.status === 404 || answer.status === 410)
}

function eventOf(body: unknown): GoogleEvent {
  const event = parseEvent(body)
  if (event === null) throw unreadable()
  return event
}

function writtenBlock(body: unknown): WrittenBlock {
  return blockOf(eventOf(body))
}

function blockOf(event: GoogleEvent): WrittenBlock {
  const startAt = Date.parse(event.start?.dateTime ?? event.start?.date ?? '')
  const endAt = Date.parse(event.end?.dateTime ?? event.end?.date ?? '')
  if (Number.isNaN(startAt) || Number.isNaN(endAt) || event.etag === null) throw unreadable()
  const key: BlockKey = event.privateProperties[keyName] ?? event.id
  const as = event.eventType === 'focusTime' ? 'focus-time' : event.status === 'tentative' ? 'tentative' : 'busy'
  return { itemId: event.id, etag: event.etag, key, title: event.summary ?? '', startAt, endAt, as }
}

function agendaOf(event: GoogleEvent): AgendaText {
  return {
    itemId: event.id,
    etag: event.etag ?? '',
    isOrganizer: event.organizer?.self === true,
    ours: agendaIn(event.description ?? ''),
  }
}

/** Google's own etag in one that says more (`itemEtag`). */
function googleEtag(etag: string): string {
  return /"[^"]*"/.exec(etag)?.[0] ?? etag
}

function gone(what: 'block' | 'event'): PortError {
  return new PortError('not-found', `The ${what} is not on the calendar any more.`)
}

function changed(what: 'block' | 'event'): PortError {
  return new PortError('conflict', `Somebody changed the ${what} meanwhile. Look at it again before changing it.`)
}
