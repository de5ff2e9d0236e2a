import type { Agenda } from './agenda.ts'
import { indexPhrases } from './phrases.ts'
import { type ClassifierInput, type Evidence, type Forum, forums } from './types.ts'

/**
 * Whether a meeting is one of the four forums where teams surface each other's plans, and why. One lucky word is not
 * enough: "design review" needs a word of the trade or the people for it, and "performance review", "press release
 * planning" or "design of the summer party" are none.
 */
export function recogniseForum(
  input: ClassifierInput,
  agenda: Agenda,
): { forum: Forum | null; basis: readonly Evidence[] } {
  const inTitle = readForumWords(input.title.slice(0, 300))
  const body = bodyText(agenda)
  const inBody = body === '' ? nothing : readForumWords(body)
  let best: { forum: Forum; points: number; quote: string; where: 'title' | 'text' } | null = null
  for (let i = 0; i < forums.length; i++) {
    const forum = forums[i]!
    const titleWord = inTitle.named[i]!
    const bodyWord = inBody.named[i]!
    if (titleWord.points === 0 && bodyWord.points < 2) continue
    let points = titleWord.points + Math.min(1, bodyWord.points * 0.5)
    // In a description alone, a forum must be named plainly and more than in passing.
    if (titleWord.points === 0) points = bodyWord.count >= 2 ? bodyWord.points * 0.7 : 0
    if (points === 0) continue
    points += Math.min(1, 0.5 * (inTitle.trade + inBody.trade))
    points += peopleSpeak(input)
    points -= 2 * inTitle.other
    if (points >= 2 && (best === null || points > best.points)) {
      const said = titleWord.points > 0 ? titleWord : bodyWord
      best = { forum, points, quote: said.quote, where: titleWord.points > 0 ? 'title' : 'text' }
    }
  }
  if (best === null) return none
  const place = best.where === 'title' ? 'title' : 'description'
  return {
    forum: best.forum,
    basis: [
      {
        rule: `forum-${best.forum}`,
        where: best.where,
        kind: null,
        weight: 0,
        quote: best.quote.slice(0, 80),
        item: null,
        sentence: `The ${place} says “${best.quote.slice(0, 60)}”: ${forumWords[best.forum]}.`,
      },
    ],
  }
}

const none = { forum: null, basis: [] }

const forumWords: Readonly<Record<Forum, string>> = {
  'architecture-review': 'an architecture review, where teams see each other’s plans',
  'release-planning': 'release planning, where plans of several teams meet',
  'incident-review': 'an incident review, where teams learn what broke between them',
  'design-discussion': 'a design discussion, where a plan is questioned before it is built',
}

function peopleSpeak(input: ClassifierInput): number {
  if (input.teamCount !== null) return input.teamCount >= 2 ? 0.5 : 0
  return input.attendeeCount !== null && input.attendeeCount >= 4 && input.attendeeCount <= 30 ? 0.25 : 0
}

function bodyText(agenda: Agenda): string {
  if (agenda.items.length === 0 && agenda.prose.length === 0) return ''
  const parts: string[] = []
  let length = 0
  const take = (text: string) => {
    if (length > 4_000) return
    parts.push(text)
    length += text.length
  }
  for (const text of agenda.prose) take(text)
  for (const item of agenda.items) {
    if (item.heading !== null) take(item.heading)
    take(item.text)
    if (item.details !== '') take(item.details)
  }
  return parts.join('. ')
}

interface ForumReading {
  readonly named: readonly { points: number; count: number; quote: string }[]
  /** Words of the trade: services, schemas, deployments. */
  trade: number
  /** Words that say another kind of design, release or review is meant. */
  other: number
}

const nothing: ForumReading = { named: forums.map(() => ({ points: 0, count: 0, quote: '' })), trade: 0, other: 0 }

function readForumWords(text: string): ForumReading {
  index ??= indexPhrases(words.map(word => word.phrases))
  const hits = index.scan(text, 5_000)
  if (hits.length === 0) return nothing
  const reading = { named: forums.map(() => ({ points: 0, count: 0, quote: '' })), trade: 0, other: 0 }
  for (let i = 0; i < hits.length; i += 3) {
    const { says, points } = words[hits[i]!]!
    if (says === 'trade') reading.trade++
    else if (says === 'other') reading.other++
    else if (says !== 'nothing') {
      const named = reading.named[forums.indexOf(says)]!
      named.count++
      if (points > named.points) {
        named.points = points
        named.quote = text.slice(hits[i + 1]!, hits[i + 2]!)
      }
    }
  }
  return reading
}

let index: ReturnType<typeof indexPhrases> | undefined

const words: readonly { says: Forum | 'trade' | 'other' | 'nothing'; points: number; phrases: string }[] = [
  {
    says: 'architecture-review',
    points: 2.2,
    phrases: `architecture review*, architecture board, architecture review board, architecture forum, architecture council, architecture meeting, architecture weekly, architecture sync, architecture guild,
      architecture decision*, architecture advice, architectural review*, architecture committee, architecture working group, tech architecture, software architecture, system architecture, systems architecture,
      technical architecture, arb, solution architecture review, enterprise architecture, architekturrunde, architektur review, architekturreview, architekturboard, architekturkreis, architekturgremium, revue d architecture, comite d architecture,
      revision de arquitectura, comite de arquitectura, revisao de arquitetura, comite de arquitetura, アーキテクチャレビュー, アーキテクチャ検討会, アーキテクチャ会議`,
  },
  {
    says: 'design-discussion',
    points: 2.2,
    phrases: `rfc review*, rfc discussion*, rfc meeting, rfc weekly, rfc sync, api review*, api design*, api council, api guild, tech design*, technical design*, system design*, design doc review*, design doc*, design document*, schema review*, data model review*, database design*,
      engineering design review*, tech spec review*, tech spec*, technical spec*, software design*, interface review, protocol design, contract review api, proposal review technical, technisches design, schnittstellenabstimmung, datenmodell review, conception technique,
      revue de conception, diseno tecnico, revision de diseno tecnico, desenho tecnico, 設計レビュー, 設計検討会, 基本設計レビュー, 詳細設計レビュー`,
  },
  {
    says: 'design-discussion',
    points: 1.5,
    phrases: `design review*, design discussion*, design meeting, design session, design critique, design crit, design sync, rfc, rfcs, spec review*, specification review*, preliminary design review, critical design review, design proposal*, entwurfsbesprechung, designrunde, revision de diseno, revisao de design, 設計`,
  },
  {
    says: 'incident-review',
    points: 2.2,
    phrases: `incident review*, incident retro*, incident retrospective*, incident postmortem*, incident debrief*, incident learning*, incident analysis, post incident review*, post incident, postmortem*, post mortem*, blameless*, learning from incidents, operational review of incidents, sev review*, sev1 review,
      sev 1 review, outage review*, major incident review*, problem management review, root cause analysis, rca review, rca meeting, after action review*, near miss review*, critical incident review*, patient safety incident review*, morbidity and mortality, morbidity mortality, mortality and morbidity, mortality review*,
      mortality meeting, mortality conference, morbidity conference, morbidity review*, m m, m and m, m m conference, m m meeting, m m review, mmk, rmm, cirs, cirs*, revue de mortalite, revue de morbi mortalite, revue morbi mortalite, morbi mortalite, morbiditats und mortalitatskonferenz, sesion de morbimortalidad, morbimortalidad, morbimortalidade,
      störungsnachbesprechung, storungsnachbesprechung, vorfallsanalyse, vorfallbesprechung, revue d incident*, revue des incidents, analyse d incident*, revision de incidente*, analisis de incidente*, revisao de incidente*, analise de incidente*, 障害振り返り, 障害報告会, 障害レビュー, インシデントレビュー, ポストモーテム`,
  },
  {
    says: 'release-planning',
    points: 2.2,
    phrases: `release planning, release readiness, release readiness review, release review*, release coordination, release sync, release go no go, release train*, release management, release board, release meeting, release status and planning, release team, launch readiness, launch readiness review, launch review*,
      production readiness, production readiness review, operational readiness review, orr, change advisory board, change advisory, cab meeting, cab weekly, change control board, deployment planning, deployment review*, deploy review, go live planning, go live readiness, cutover planning, cutover, migration planning, pi planning, program increment*, big room planning,
      rollout planning, roll out planning, version planning, scrum of scrums, releaseplanung, release planung, releaserunde, änderungsbeirat, planification de release, planification des mises en production, comite de mise en production, mise en production,
      planificacion de release, planificacion de lanzamiento, comite de cambios, planejamento de release, comite de mudancas, リリース計画, リリース判定, リリース判定会議, リリース会議`,
  },
  {
    says: 'release-planning',
    points: 1.2,
    phrases: `release, releases, go no go, cab, code freeze, release date`,
  },
  {
    says: 'trade',
    points: 0,
    phrases: `service, services, api, apis, schema, schemas, database, databases, db, backend, frontend, platform, infra, infrastructure, software, engineering, engineers, deploy*, cache*, migration*, latency, queue*, kafka, kubernetes, k8s, microservice*, endpoint*, auth, sdk, protocol, data model*, data pipeline*, rate limit*,
      rollout, rollback, sev1, sev2, sev 1, sev 2, outage*, on call, runbook*, downtime, rfc*, adr*, teams, code, system, systems, interface*, integration*, firmware, hardware, component*, module*, technical, tech, dienst*, schnittstelle*, datenbank*, equipes, servicio*, servico*, api*, サービス, システム, データベース, 基盤, 障害`,
  },
  {
    says: 'other',
    points: 0,
    phrases: `performance review*, summer party, christmas party, holiday party, party, interior, logo*, brand*, branding, poster*, brochure*, flyer*, press release*, album, book, film, movie, single, house, home, kitchen, garden, landscape*, landscaping, church, cathedral, museum, fashion, wedding, menu, newsletter, t shirt*, literature review*, salary,
      curriculum, course, lesson*, graphic*, marketing, campaign, building architecture, building permit*, planning permission, prisoner*, patient release, salmon, hostage*, release of funds, press, media, stage, costume*, event, exhibition*, office move, sommerfest, pressemitteilung*, communique*, nota de prensa, 建築, 結婚式`,
  },
  {
    says: 'nothing',
    points: 0,
    phrases: `architecture tour, architecture history, architecture exhibition, release notes, release party, press releases, information architecture course, incident review template, organic architecture, day release, release form*, release the`,
  },
]
