import { isOwnBlock } from '../focus/own-block.ts'
import { hourMs } from '../time/types.ts'
import type { CalendarEvent, Occurrence } from './calendar-event.ts'
import { plainWords, shortened, withoutCancellation } from './titles.ts'
import type { CountingRule, PersonId, Roster } from './types.ts'

/** What a judgement needs to know beside the occurrence and its roster. */
export interface CountingContext {
  /** The calendar carries guests somewhere, so an event without any says that its owner is alone. */
  readonly listsInvitees: boolean
  /** The audit is one person's, so an event somebody else called has two people in it at least. */
  readonly meIsKnown: boolean
  /** Whose calendar it stands on, where known: services name the owner as the organizer of their own time too. */
  readonly calendarOwner: PersonId | null
  /** The series it belongs to is private on this calendar, even where a changed occurrence is not. */
  readonly seriesIsPrivate: boolean
}

/** Longer than this is presence, travel or a conference, not a meeting (the limit of Multitudes and of Viva's day). */
const longestMeetingHours = 12
/** Fewer humans than this who did not say no meet nobody. */
const fewestPeople = 2
/** How much of a description is read for words about students and clients. */
const descriptionStart = 600

/**
 * The rule that counts or drops an occurrence: the first that speaks, in the order of `droppedRules`, then of
 * `countedRules`. `duplicate-copy` is not decided here: it takes the other calendars (`meetingsOf`).
 */
export function judge(occurrence: Occurrence, roster: Roster, context: CountingContext): CountingRule {
  const { event } = occurrence
  if (event.status === 'cancelled') return 'cancelled'
  if (event.title !== null && withoutCancellation(event.title) !== null) return 'cancelled-by-title'
  if (roster.people.some(each => each.isMe && each.response === 'declined')) return 'declined-by-me'
  if (isPrivate(event) || context.seriesIsPrivate) return 'private'
  const withOthers = roster.people.length >= fewestPeople || roster.groups.length > 0
  const ownTime = ownTimeRule(event, withOthers)
  if (ownTime !== null) return ownTime
  if (event.time.allDay) return 'all-day'
  if (event.showAs === 'free') return 'shown-as-free'
  if (occurrence.endAt <= occurrence.startAt) return 'no-length'
  if (occurrence.endAt - occurrence.startAt > longestMeetingHours * hourMs) return 'longer-than-12-hours'
  return companyRule(event, roster, context)
}

/** True when the source hides the event from others: nothing may be said about it but that the time is taken. */
export function isPrivate(event: CalendarEvent): boolean {
  return event.visibility === 'private' || event.visibility === 'confidential'
}

/** What each rule says, as a sentence for the person who asks why a row was counted or not. */
export const countingRuleSentences: Readonly<Record<CountingRule, string>> = {
  'people-met': 'At least two people were asked and have not declined.',
  'group-invited': 'A group was invited; how many of it come is an estimate.',
  'teaching-or-client': 'Nobody else is on the invitation, but its words say that students, clients or guests come.',
  'invitees-not-listed':
    'This calendar does not say who is invited, so nobody can tell whether people met; it is counted.',
  cancelled: 'The calendar says that it was cancelled.',
  'cancelled-by-title': 'Its title says that it was cancelled ("Canceled: ..."), though its status does not.',
  'declined-by-me': 'You declined it.',
  private: 'It is private: the time is taken, and nothing else is read.',
  'focus-time': 'It is time to work alone.',
  'out-of-office': 'It says that somebody is away.',
  'working-location': 'It says where somebody works.',
  'hold-of-other-tool':
    'It keeps time free (a hold, travel, lunch, or a block of a planning tool), and nobody else is on it.',
  'all-day': 'It lasts whole days: a note in the calendar, not a meeting.',
  'shown-as-free': 'It is shown as free, so it takes no time.',
  'no-length': 'It has no length: a reminder, not a meeting.',
  'longer-than-12-hours': 'It is longer than 12 hours.',
  alone: 'Nobody else was asked, everybody else declined, or its words are of work done alone.',
  'duplicate-copy': 'The same meeting is counted once, from another copy of it.',
}

/** Dropped, and yet nothing else can be done or planned then. */
export const busyRules: ReadonlySet<CountingRule> = new Set<CountingRule>([
  'private',
  'out-of-office',
  'hold-of-other-tool',
  'longer-than-12-hours',
])

/** Dropped, and the person's own time to work: it belongs to focus, not to meetings. */
export const ownWorkRules: ReadonlySet<CountingRule> = new Set<CountingRule>(['focus-time', 'alone'])

/** Time a person keeps for themselves: by the event's type, or by its title where nobody else is on it. */
function ownTimeRule(event: CalendarEvent, withOthers: boolean): CountingRule | null {
  // Ours, where a provider has no type for it and its owner chose the title.
  if (!withOthers && isOwnBlock(event)) return event.showAs === 'tentative' ? 'hold-of-other-tool' : 'focus-time'
  if (event.type === 'focus-time' || event.type === 'out-of-office' || event.type === 'working-location') {
    // A planning tool may use the provider's own focus time; it is still that tool's block.
    return event.type === 'focus-time' && isToolBlock(shortened(event.title ?? '')) ? 'hold-of-other-tool' : event.type
  }
  if (withOthers) return null
  const title = shortened(event.title ?? '')
  if (isToolBlock(title)) return 'hold-of-other-tool'
  const words = plainWords(title)
  if (focusTitle.test(words)) return 'focus-time'
  if (event.showAs === 'out-of-office' || awayTitle.test(words)) return 'out-of-office'
  if (placeTitle.test(words) || (event.showAs === 'working-elsewhere' && event.time.allDay)) return 'working-location'
  return holdTitle.test(words) || heldTitle.test(title) ? 'hold-of-other-tool' : null
}

/** Whether people met, as far as the calendar can tell. */
function companyRule(event: CalendarEvent, roster: Roster, context: CountingContext): CountingRule {
  let coming = 0
  for (const each of roster.people) if (each.response !== 'declined') coming++
  if (coming >= fewestPeople) return 'people-met'
  if (roster.groups.length > 0) return 'group-invited'
  const listed = context.listsInvitees || event.attendees.length > 0
  // Cut lists hide people; one name on them is one that was left.
  if (roster.truncated && listed) return 'people-met'
  if (roster.people.length < fewestPeople && isTeachingOrClient(event)) return 'teaching-or-client'
  // where nobody is ever listed, words of one's own work are all there is to go by
  if (!listed && event.title !== null && ownWork.test(plainWords(event.title))) return 'alone'
  return listed && !wasCalledByOther(event, roster, context) ? 'alone' : 'invitees-not-listed'
}

/** Somebody else's invitation whose guest list is hidden: it stands on my calendar, so I am asked. */
function wasCalledByOther(event: CalendarEvent, roster: Roster, context: CountingContext): boolean {
  const organizer = roster.people[0]
  if (!context.meIsKnown || event.attendees.length > 0 || organizer === undefined) return false
  if (event.organizer?.self || organizer.id === context.calendarOwner) return false
  return organizer.isOrganizer && !organizer.isMe && organizer.id.includes('@')
}

function isToolBlock(title: string): boolean {
  return toolMark.test(title)
}

/** Solo entries that stand for people who are never on the invitation: a class, a patient, interview slots. */
function isTeachingOrClient(event: CalendarEvent): boolean {
  const title = plainWords(shortened(event.title ?? ''))
  if (preparing.test(title) || preparation.test(title) || errand.test(title)) return false
  if (audience.test(title)) return true
  if (event.description === '') return false
  const text = plainWords(event.description.slice(0, descriptionStart).replace(/<[^>]*>/g, ' '))
  return audienceInText.test(text)
}

const toolMark =
  /\bvia (?:clockwise|reclaim(?:\.ai)?|motion|sunsama|akiflow|morgen|trevor|flowsavvy|skedpal|viva insights)\b|^(?:❇️?|🛡️?)\s|^busy \((?:clockwise|reclaim)\)/iu
const focusTitle =
  /^(?:(?:my |daily |weekly |morning |afternoon )?(?:focus|deep work|deep focus|focus work|flow|maker|heads down|quiet|concentration|coding)(?: (?:time|block|blocks|hours?|day|session|work|only|mode|\d+))*|heads? down|no meetings?(?: (?:day|please|time|block|monday|tuesday|wednesday|thursday|friday|afternoon|morning))?|meeting free(?: \w+)?|do not (?:book|schedule|disturb)|dnd|dnb|(?:focus(?! groups?\b)|deep work|fokus|fokuszeit|heads down) .{0,60}|fokus(?:zeit|block|time)?|konzentrationszeit|stillarbeit|temps de (?:concentration|travail)|tiempo de concentracion|tempo di concentrazione|czas skupienia|focustijd|fokustid|集中(?:時間|タイム)?)$/u
const awayTitle =
  /^(?:(?:\w+ ){0,2}(?:is |on )?(?:ooo|oof|out of (?:the )?office|pto|on (?:vacation|leave|holiday|holidays)|away|sick(?: day| leave)?|annual leave|parental leave|maternity leave|paternity leave|day off|off sick)|(?:ooo|oof|pto|vacation|holiday|holidays|annual leave|leave|day off|time off|off|urlaub|abwesend|krank|elternzeit|nicht im (?:buro|buero|haus)|conges?|en conge|absent|absence|vacances|vacaciones|fuera de la oficina|ferie|ferias|fuori sede|urlop|nieobecnosc|vakantie|afwezig|semester|休暇|有給|不在)(?: (?:day|half day|am|pm|morning|afternoon|until .*|till .*|\d.*))?|(?:ooo|oof|pto) .{0,60}|im urlaub)$/u
const placeTitle =
  /^(?:(?:working |work )?(?:from )?(?:home|the office|office)|wfh|wfo|home ?office|working (?:from|at|in) .{1,40}|work from .{1,40}|(?:im |in der )?(?:buro|buero)|remote|(?:working )?remotely|in office|at the office|bureau|teletravail|oficina|teletrabajo|in ufficio|smart working|biuro|praca zdalna|thuiswerken|kantoor|在宅(?:勤務)?|出社)$/u
const holdTitle =
  /^(?:hold|holds|on hold|placeholder|block(?:ed)?|blocker|block (?:out|off|time)|time block|busy|tentative hold|dns|do not schedule|reserved|keep free|travel(?: time)?|travell?ing|commute|commuting|drive|driving|drive (?:home|to .{1,40})|transit|flight(?: .{0,40})?|train (?:to|home) .{0,40}|lunch(?: break| time| hour)?|breakfast|dinner|break|coffee break|mittag(?:s ?pause|essen)?|pause|dejeuner|pause dejeuner|comida|almuerzo|pranzo|pausa pranzo|obiad|fika|decompress(?:ion)?(?: time)?|buffer|catch up time|school (?:run|pick ?up|drop ?off)|(?:kids? )?(?:pick ?up|drop ?off)(?: kids?)?|gym|workout|blockiert|bloque(?:ado)?|occupe|occupato|zajety|bezet|geblokkeerd|予定あり|昼休み|昼食|移動)$/u
/** A mark in front of what the time is kept for: "Hold: offsite", "[HOLD] Board", "Block - review". */
const heldTitle =
  /^\s*(?:[[(](?:hold|placeholder|block(?:ed)?|tbc)[\])]|(?:hold|placeholder|block(?:ed)?|dns)\s*[:–—-])\s*/iu
const preparing =
  /^(?:prep|prepare|preparing|preparation|plan|planning|write|writing|grade|grading|mark|marking|read|reading|draft|finish|study|homework|research|review|fix|refactor|call|email|pay|send|submit)\b/u
/** "Lesson prep", "Board preparation": what comes before the meeting. */
const preparation = /\b(?:prep|preparation|vorbereitung|préparation|preparation du cours|preparación)$/u
/** Verbs of work done alone that begin no meeting's name. */
const ownWork =
  /^(?:write|writing|pay|prepare|prep|preparing|grade|grading|draft|finish|homework|fix|refactor|email|send|submit|payroll|invoic(?:es|ing))\b|\b(?:prep|preparation)$/u
const errand =
  /\b(?:dentist|dental|doctor|dr|gp|vet|physio|hair|haircut|barber|salon|optician|eye|car|mechanic|passport|visa|bank|mri|blood|vaccine|vaccination|zahnarzt|arzt|dentiste|medecin|dentista|medico)\b/u
const audience =
  /\b(?:class|classes|lecture|lectures|seminar|tutorial|lesson|lessons|recitation|office hours?|lab section|client|clients|patient|patients|appointments?|interview slots?|interviews?|consultations?|consulting hours?|sprechstunden?|vorlesung|ubung|unterricht|cours|clase|clases|lezione|lezioni|aula|zajecia|wyklad|konsultacje|patienten|mandant|kundentermin|cliente|clientes|rendez vous client|viewings?|therapy session|coaching session|授業|講義|面談|診察)\b|授業|講義|面談|診察/u
const audienceInText =
  /\b(?:lectures?|lessons?|office hours?|students?|clients?|patients?|interview slots?|booked by|appointment (?:slots?|schedule|booking)|consultations?|sprechstunden?|vorlesung)\b/u
