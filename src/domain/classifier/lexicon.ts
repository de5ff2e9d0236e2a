import { indexPhrases } from './phrases.ts'
import type { MeetingKind } from './types.ts'

/**
 * Words and phrases that tell what a meeting is for, by general use of language: what software firms, hospitals,
 * schools, factories and town halls write into invitations. Mainly English; small lists for German, French, Spanish,
 * Portuguese and Japanese. Weights: 1 hints, 2 speaks clearly, 3 nearly decides alone.
 */
export interface CueGroup {
  /** Stable id, becomes the rule of the evidence. */
  readonly rule: string
  readonly weights: Readonly<Partial<Record<MeetingKind, number>>>
  /** What the words do, completing "Item 2 …" or "The title …". */
  readonly says: string
  /** Share of the weight that counts away from the title; 1 when not given. "Board" tells much only in a title. */
  readonly inText?: number
  /** How the group bends its neighbours instead of, or beside, speaking for a kind. */
  readonly role?: 'negates' | 'housekeeping' | 'purpose' | 'heading' | 'settles' | 'open-discussion'
  /** Phrases separated by commas; `approv*` stands for all words with that beginning. Unaccented, lower case. */
  readonly phrases: string
}

/** Words of one text that a group of the lexicon knows. */
export interface Cue {
  readonly group: CueGroup
  readonly start: number
  readonly end: number
  /** "No decisions today", "keine Entscheidung". */
  readonly negated: boolean
}

/** All cues of a text, in order. Reads at most `limit` characters. */
export function findCues(text: string, limit = 4_000): readonly Cue[] {
  index ??= indexPhrases(cueGroups.map(group => group.phrases))
  const hits = index.scan(text, limit)
  if (hits.length === 0) return none
  const cues: Cue[] = []
  let negationEnd = -1
  for (let i = 0; i < hits.length; i += 3) {
    const group = cueGroups[hits[i]!]!
    const start = hits[i + 1]!
    const end = hits[i + 2]!
    if (group.role === 'negates') {
      negationEnd = end
      continue
    }
    const negated = negationEnd >= 0 && reaches(text, negationEnd, start)
    cues.push({ group, start, end, negated })
  }
  return cues
}

let index: ReturnType<typeof indexPhrases> | undefined
const none: readonly Cue[] = []

/** A negation reaches over at most two words of the same clause. */
function reaches(text: string, from: number, to: number): boolean {
  if (to - from > 28) return false
  let words = 0
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    if (code === 45 && text.charCodeAt(i - 1) === 32 && text.charCodeAt(i + 1) === 32) return false
    if (code === 32) words++
    else if (code === 46 || code === 44 || code === 59 || code === 58 || code === 33 || code === 63 || code === 10) {
      return false
    } else if (code === 40 || code === 41 || code === 0x3002 || code === 0x3001) return false
  }
  return words <= 3
}

export const cueGroups: readonly CueGroup[] = [
  // ——— decision: something is chosen, approved, ranked, accepted or refused
  {
    rule: 'words-approve',
    weights: { decision: 2.6 },
    says: 'asks for an approval',
    phrases: `approv*, ratif*, sign off, signoff, signs off, sign offs, adopt the, adopt a, adoption of, authorise, authorize,
      authorising, authorizing, endorse, endorsement, endorsing, accept or reject, accepted or rejected, for acceptance,
      acceptance of, acceptance test*, accept*, reject*, consent agenda, approbation, approuv*, valider, validation du,
      validation de la, validation des, homologation, aprob*, aprovar, aprovacao, aprovacoes, validar, homologacao,
      genehmig*, freigabe*, freigeben, verabschiedung des, verabschiedung der, zustimmung, abnahme, annahme,
      承認, 決裁, 稟議, 可決, no objections, no objection, without objection, without objections, any objections, unless someone objects, lazy approval, keine einwande, sans objection, 異議なし`,
  },
  {
    rule: 'words-decide',
    weights: { decision: 2.6 },
    says: 'asks for a decision',
    phrases: `decid*, decision*, make a call, make the call, choose, chooses, choosing, choice of, choice between, select,
      selecting, selection, selection of, pick a, pick the, pick one, picking, shortlist*, short list, settle on,
      finalise*, finalize*, finalising, finalizing, agree on a, agree on the, agree the, go no go, go live,
      yes or no, greenlight, green light, award of, awarding, down select, determine*, entscheid*, beschlus*,
      beschlie*, auswahl, auswahl*, festleg*, choix, choisir, decider, tranch*, arbitrage*, arbitrer, retenir,
      decidir, decisao, decisoes, elegir, eleccion de, definir, escolher, escolha, deliberacao, 決定, 判断, 選定, 決める,
      意思決定, 結論, 最終案, agree which, agree who, agree whether, agree when, agree on which, einigen uns auf,
      se mettre d accord, ponerse de acuerdo, chegar a um acordo`,
  },
  {
    rule: 'words-vote',
    weights: { decision: 2.8 },
    says: 'puts something to the vote',
    phrases: `vote*, voting, ballot*, motion to, motion for, motions, seconded, quorum, election*, elect, elects, elected,
      electing, nominat*, call for consensus, lazy consensus, consensus call, straw poll, resolution to, resolution on,
      resolutions, ordinance*, bylaw*, by law, by laws, wahl, wahlen, wahl des, wahl der, stimmabgabe, antrag, antrage,
      scrutin, voter, suffrage, votacion*, votar, elecciones, mocion*, votacao, votacoes, eleicao, eleicoes,
      投票, 採決, 選挙, 議決, 決議`,
  },
  {
    rule: 'words-triage',
    weights: { decision: 2.6 },
    says: 'ranks and settles a list',
    phrases: `triag*, bug scrub, issue scrub, backlog scrub, prioriti*, prioriz*, ranking, rank, rank the, rank order,
      backlog refinement, backlog grooming, grooming, refinement, defect review, bug review, queue review, waiting list,
      waitlist, risk acceptance, priorisier*, prioris*, hierarchis*, priorizar, priorizacion, priorizacao,
      トリアージ, 優先順位, 優先度`,
  },
  {
    rule: 'words-commit',
    weights: { decision: 1.7, alignment: 0.5 },
    says: 'commits people or money',
    phrases: `sprint planning, iteration planning, capacity planning, release planning, pi planning, increment planning,
      budget, budgets, budget planning, budgeting, funding, allocat*, allocation of, resource allocation,
      commit to, commitment, set goals, set okrs, goal setting, staffing, headcount, procurement, vendor selection,
      tender, tenders, pricing, price list, investment*, business case, spending, expenditure*, purchase*, invest,
      sales and operations planning, s op, s and op, roster planning, release date, cut the release, cut a release,
      haushalt*, investition*, einkauf, vergabe, besetzung, sprintplanung, personalplanung, depense*, achat,
      achats, appel d offres, recrutement, presupuesto*, compra, compras, contratacion, licitacion, orcamento*,
      contratacao, 予算, 稟議書, 採用, 人事, 購入, quarterly planning, quarter planning, q1 planning, q2 planning,
      q3 planning, q4 planning, annual planning, yearly planning, weekly planning, monthly planning,
      quartalsplanung, jahresplanung, wochenplanung, planning trimestriel, planificacion anual,
      planificacion trimestral, planejamento anual, planejamento trimestral`,
  },
  {
    rule: 'decision-gate',
    weights: { decision: 2.6 },
    says: 'is a gate that passes or holds something',
    phrases: `release readiness, launch readiness, operational readiness, go live readiness, change advisory,
      change advisory board, change control, change control board, cab, ccb, material review board, mrb,
      stage gate, phase gate, gate review, tollgate, toll gate, gate meeting, gate 1, gate 2, gate 3, gate 4,
      ship room, design freeze, engineering change*, exit criteria, project intake, intake review,
      credit committee, loan review, underwriting, grant review, application review, review of applications,
      thesis defence, thesis defense, grading conference, notenkonferenz, zeugniskonferenz, versetzungskonferenz,
      tumor board, tumour board, tumorboard, tumorkonferenz, discharge planning, site selection, plan check,
      plan review, admissions committee, admissions panel, admission decisions`,
  },
  {
    rule: 'decision-body',
    weights: { decision: 2.2 },
    inText: 0.3,
    says: 'is a body that decides',
    phrases: `steering committee, steering group, steering council, steering, steerco, board meeting, board of directors,
      governing board, school board, board of trustees, trustees, trustee meeting, executive committee,
      exec committee, exco, executive session, technical committee, technical steering, technical oversight,
      oversight committee, oversight board, tsc, toc, governance, governance committee, governance board, council,
      city council, town council, parish council, councils, committee, committees, senate, general assembly,
      annual general meeting, agm, egm, hiring committee, selection panel, board, parliament, investment committee,
      leadership decision, architecture board, technical board, planning commission, lenkungsausschus*,
      lenkungskreis, steuerkreis, steuerungskreis, vorstand*, aufsichtsrat*, gemeinderat*, stadtrat*, ausschuss,
      ausschuss*, gremium, mitgliederversammlung, gesellschafterversammlung, comite de direction, codir,
      comite de pilotage, copil, comite, conseil d administration, conseil municipal, conseil, bureau executif,
      assemblee generale, comite de direccion, comite directivo, junta directiva, junta, consejo, ayuntamiento,
      pleno, asamblea general, diretoria, conselho, comite gestor, camara municipal, assembleia geral, 理事会, 取締役会,
      役員会, 委員会, 経営会議, 総会, 評議会, commission meeting, city commission, cabinet meeting`,
  },
  {
    rule: 'words-hiring',
    weights: { decision: 2 },
    inText: 0.6,
    says: 'settles who is taken or promoted',
    phrases: `hiring, hiring debrief, interview debrief, candidate review, candidate debrief, candidate*, calibration, promotion*,
      promo committee, compensation review, salary review, pay review, talent review, succession planning, shortlisting,
      berufungskommission, bewerberauswahl, personalauswahl, seleccion de personal, processo seletivo, 選考, 評価会議`,
  },
  {
    rule: 'words-proposal',
    weights: { decision: 1.3, alignment: 0.5 },
    says: 'puts a proposal forward',
    phrases: `proposal*, propose, proposing, proposes, proposed, recommendation*, request for, requests for,
      application for, applications, graduation, promote to, deprecat*, retire the, sunset, vorschlag,
      vorschlage, proposition*, propuesta*, proposta*, 提案, 申請, 起案`,
  },
  {
    rule: 'words-change-request',
    weights: { decision: 0.9, alignment: 0.4 },
    inText: 0.5,
    says: 'goes through changes to accept',
    phrases: `merge, pull request*, prs, open prs, code review, change request*, änderungsantrag, änderungsanträge`,
  },
  {
    rule: 'words-whether',
    weights: { decision: 1.7, alignment: 0.4 },
    says: 'asks for an answer',
    phrases: `should we, shall we, do we want, whether to, whether or not, whether we, which option, which vendor,
      options for, option a, option b, options paper, next steps on, how to proceed, way forward, path forward,
      yay or nay, keep or, trade off*, tradeoff*, make or buy, build or buy, build vs buy, resolve, resolved,
      resolving, unblock, sollen wir, ob wir, faut il, debemos, devemos, どうするか, 可否, 是非, reach consensus,
      reach agreement, come to agreement, who owns, who decides, ownership of, wer entscheidet, qui decide,
      quien decide, quem decide`,
  },
  {
    rule: 'words-assign',
    weights: { decision: 0.9 },
    says: 'hands out work',
    phrases: `assign, assigning, assignment*, assigned, delegate, owner for, owners for, who will, who takes, volunteer to,
      schedule the, set a date, set the date, pick a date, set priorities, priorities, priority, next sprint,
      planning poker, estimat*, verteilung, zuweisung, asignar, asignacion, atribuir, 割り当て, 担当決め, appoint,
      appointing, appointment of`,
  },

  // ——— status: everyone has heard it
  {
    rule: 'words-update',
    weights: { status: 1.6 },
    says: 'passes on what happened',
    phrases: `update, updates, updating, updated, status, status report, statuses, progress, progress report*, news, newsflash, fyi,
      for information, for your information, for awareness, readout, read out, readouts, highlights, lowlights, recap, round up, roundup,
      accomplishments, achievements, wins, what s new, whats new, what happened, latest, weekly report, report out,
      report outs, check point, checkpoint, tracking, tracker, follow up on, state of the, state of, year in review,
      sachstand, statusrunde, statusbericht, stand der dinge, aktueller stand, zwischenstand, neuigkeiten, aktuelles, rundlauf,
      avancement, point d avancement, etat d avancement, nouvelles, actualites, actus, novedades, avances, avance de, seguimiento,
      estado de, puesta al dia, andamento, novidades, acompanhamento, atualizacao, atualizacoes, situacao, 進捗, 進捗報告, 状況, 現状`,
  },
  {
    rule: 'words-report',
    weights: { status: 1.2 },
    says: 'reports',
    phrases: `report, reports, reporting, briefing, briefings, brief, debriefing on, presentation, presentations, present,
      presents, presenting, presented, slides, kpi, kpis, metrics, dashboard*, scorecard*, numbers, figures,
      results, financials, forecast, actuals, statistics, stats, bericht, berichte, berichte*, kennzahlen, zahlen,
      ergebnisse, vorstellung der, prasentation*, rapport, rapports, compte rendu, presentation de, resultats,
      chiffres, informe, informes, reporte, reportes, resultados, indicadores, presentacion, relatorio*,
      apresentacao, apresentacoes, 報告, 発表, 実績, 月報, 週報, 報告会`,
  },
  {
    rule: 'words-talk',
    weights: { status: 1.6, alignment: 0.9 },
    says: 'is a talk that people listen to',
    phrases: `tech talk, tech talks, lightning talk*, brown bag, brown bags, talk by, talks by, guest speaker, guest lecture, lecture, lectures, vortrag, vortrage, conference de, charla, charlas, palestra, palestras, 講演, 発表会`,
  },
  {
    rule: 'words-worked',
    weights: { status: 1.3 },
    says: 'tells what was worked on',
    phrases: `been working on, worked on, working on, have been, has been, finished, completed, shipped, was done, what got done, got done, done this week, fertiggestellt, erledigt, termine cette semaine, trabajado en, trabalhou, 対応済み, 完了報告`,
  },
  {
    rule: 'words-announce',
    weights: { status: 1.5 },
    says: 'announces',
    phrases: `announc*, information sharing, info sharing, share information, sharing information, share news, housekeeping notes,
      communications, celebrations, celebrate, kudos, shout outs, shoutouts, birthdays, newcomers, new starters, new joiners,
      mitteilung*, bekanntgabe, ankundigung*, informationen, infos, annonce*, informations, anuncio*, comunicado*, comunicaciones,
      informaciones, aviso*, anuncios, avisos, informacoes, お知らせ, 連絡, 連絡事項, 周知, 共有, 情報共有, 告知`,
  },
  {
    rule: 'round-of-updates',
    weights: { status: 2.6 },
    says: 'is a round of updates',
    phrases: `stand up*, standup*, daily scrum, daily standup, daily sync, daily huddle, huddle, huddles, scrum,
      scrum of scrums, round of updates, round robin, go around, go round, going around, around the room,
      round the table, around the table, tour de table, team updates, team update, project updates, status update*,
      status meeting, status call, status sync, weekly status, what i did, what everyone is working on,
      what you are working on, what they are working on, what are you working on, working on this week,
      did yesterday, walk the board, each team shares, each person shares, everyone shares, each member shares,
      updates from, update from, reports from, report from, handover, hand over, shift handover, shift change,
      morning report, morning meeting, roll up, morgenrunde, lagebesprechung, wochenrunde, ubergabe,
      schichtubergabe, dienstubergabe, fruhbesprechung, reunion quotidienne, melee quotidienne, releve,
      point hebdo, point quotidien, reunion de seguimiento, reunion diaria, cambio de turno, pase de guardia,
      reuniao diaria, passagem de turno, reuniao de acompanhamento, ronda de, rodada de, 朝会, 夕会, デイリー, 申し送り, 進捗会議,
      進捗確認, round of reports, round of news, yesterday today`,
  },
  {
    rule: 'broadcast-format',
    weights: { status: 2.6 },
    says: 'is a format where many listen',
    phrases: `all hands, all staff, all company, company meeting, staff meeting, town hall, townhall, town halls, demo,
      demos, demo day, sprint demo, show and tell, showcase, science fair, webinar, livestream, broadcast, keynote,
      press briefing, press conference, quarterly results, business update, company update, ceo update, open house,
      information session, info session, information evening, school assembly, betriebsversammlung,
      vollversammlung, personalversammlung, informationsveranstaltung, infoveranstaltung, mitarbeiterversammlung,
      reunion d information, pleniere, reunion pleniere, asamblea informativa, reunion informativa,
      sesion informativa, reuniao geral, 全社会議, 全体会議, 全社集会, 説明会, デモ, 社員総会, 朝礼, morning assembly, staff assembly,
      panel discussion`,
  },
  {
    rule: 'no-meeting',
    weights: { status: 1.9 },
    inText: 0.15,
    says: 'marks time rather than calling a meeting',
    phrases: `reminder, reminders, hold, placeholder, blocked, deadline, due date, out of office, ooo, focus time,
      no meetings, travel, commute, doctor, dentist, vacation, holiday, holidays, on call, pickup, pick up,
      birthday, renew, renewal, submit, timesheet*, erinnerung, blocker termin, urlaub, frist, rappel, conges,
      echeance, recordatorio, vacaciones, lembrete, ferias, リマインダー, 締切, 休暇, code freeze, scope freeze,
      change freeze`,
  },
  {
    rule: 'words-tracking',
    weights: { status: 0.9 },
    says: 'goes through a list that is tracked',
    phrases: `blockers, blocker, roadblocks, impediments, milestones, milestone, timeline, deliverables, ongoing work,
      current work, work in progress, in progress, what is being, being worked on, open tickets, open items,
      tickets, release notes, upcoming events, upcoming, outlook for, project list, active projects,
      monthly review, operations review, ops review, business review, qbr, mbr, wbr, this week, last week,
      week ahead, kurzbericht, termine, laufende, chantiers, points divers, agenda semanal, esta semana,
      pendencias, pendientes, 課題, 予定, 今週, customer complaint*, complaint statistics, complaints report,
      patient complaints report, sales pipeline, pipeline review`,
  },
  {
    rule: 'regular-call',
    weights: { status: 0.8, alignment: 0.2 },
    inText: 0.15,
    says: 'is a regular call',
    phrases: `weekly, weekly call, weekly meeting, team call, weekly team, community call, community meeting, monthly meeting, monthly call,
      fortnightly, biweekly, bi weekly, regular meeting, team meeting, staff, department meeting, ward meeting, faculty meeting, section meeting,
      dienstbesprechung, teamsitzung, teambesprechung, teamrunde, teammeeting, jour fixe, regeltermin, wochentermin, reunion d equipe, reunion hebdomadaire,
      reunion de service, point equipe, reunion de equipo, reunion semanal, reunion mensual, reuniao de equipe, reuniao semanal, reuniao mensal,
      claustro, 定例, 定例会, 定例会議, 週次, 月次, ミーティング, daily`,
  },

  // ——— alignment: people share an understanding they did not share before
  {
    rule: 'words-discuss',
    weights: { alignment: 1 },
    says: 'opens a discussion',
    phrases: `discuss, discusses, discussed, discussing, discussion, discussions, talk through, talk about,
      talking about, go over, going over, walk through, walkthrough, explore, exploring, exploration,
      think through, thinking, consider, considering, considerations, conversation*, dialogue, dialog, exchange,
      exchange of, open questions, questions, question, q a, q and a, ask questions, thoughts, thoughts on,
      ideas, diskussion*, diskutier*, besprech*, besprechung, gesprach*, fragen, fragerunde, discuter, echanger,
      reflexion*, questions reponses, discutir, debate, debatir, conversar, conversacion, dudas, preguntas,
      discussao, discussoes, conversa, duvidas, 議論, 検討, 検討会, 討議, 質疑, 質疑応答, 話し合い, 打ち合わせ, 打合せ`,
  },
  {
    rule: 'words-review',
    weights: { alignment: 0.6, status: 0.5 },
    says: 'goes through something',
    phrases: `review, reviews, reviewing, look at, look over, revision de, revisar, revue, durchsicht, レビュー`,
  },
  {
    rule: 'words-feedback',
    weights: { alignment: 1.8 },
    says: 'asks for feedback',
    phrases: `feedback, input, inputs, input on, seeking input, comments on, opinions, perspectives, consult, consultation*, consulting,
      listening session, pulse check, critique, crit, sounding board, get advice, advice, advise, help with, need help, ask for help, support from,
      ruckmeldung*, meinungsbild, anhorung, beratung, retour, retours, avis, concertation, retroalimentacion, opiniones, consulta*, aportes,
      aportaciones, opinioes, 意見, フィードバック, 意見交換, 意見交換会, 相談, 相談会, ヒアリング`,
  },
  {
    rule: 'words-workshop',
    weights: { alignment: 2.4 },
    inText: 0.8,
    says: 'is working something out together',
    phrases: `brainstorm*, workshop*, ideation, working session, work session, working meeting, co creation, co create, co working, coworking, whiteboard*,
      design session, design sprint, design thinking, mapping session, story mapping, event storming, hackathon, pairing, mob programming,
      problem solving, problem solve, deep dive*, strategy session, strategy day, strategy offsite, offsite, off site, away day, retreat, round table,
      roundtable, focus group, charrette, tabletop*, table top, simulation, planning day, arbeitstreffen, arbeitssitzung, klausur, klausurtagung,
      ideen*, ideensammlung, zukunftswerkstatt, atelier, ateliers, remue meninges, seance de travail, seminaire, groupe de travail, taller, talleres,
      lluvia de ideas, sesion de trabajo, mesa de trabajo, mesa redonda, jornada, oficina de, chuva de ideias, sessao de trabalho, grupo de trabalho,
      ブレスト, ワークショップ, 合宿, 作戦会議, アイデア出し`,
  },
  {
    rule: 'words-align',
    weights: { alignment: 2.4 },
    says: 'brings people to one understanding',
    phrases: `align, aligned, aligning, alignment, same page, shared understanding, common understanding,
      mutual understanding, coordinat*, co ordinat*, harmonise, harmonize, interlock, dependenc*, interdependenc*,
      cross team, cross teams, cross functional, crossfunctional, cross department, cross project, inter team,
      between teams, other teams, across teams, handshake, clarify, clarifying, clarification*, expectations,
      shared goals, shared vision, make sense, sensemaking, joint planning, liaison, plans of, compare plans,
      abgleich*, koordination, koordinier*, abstimmungsrunde, abstimmungstermin, schnittstelle*, verzahnung,
      klarung, austausch, austausch*, erfahrungsaustausch, concerter, coordonner, interservices, inter equipes,
      clarifier, cadrage, harmonisation, echange, echanges, coordinacion, coordinar, alinear, alineacion,
      alineamiento, puesta en comun, aclarar, coordenacao, coordenar, alinhamento, alinhar, esclarecimento, すり合わせ,
      擦り合わせ, 認識合わせ, 調整, 調整会議, 連携, 意識合わせ`,
  },
  {
    rule: 'words-collaborate',
    weights: { alignment: 1 },
    inText: 0.6,
    says: 'works across teams',
    phrases: `collaborat*, cooperat*, partnership, zusammenarbeit, kooperation, cooperation, colaboracion, colaboracao,
      parceria, 協力, 協業, interface, interfaces`,
  },
  {
    rule: 'words-sync',
    weights: { alignment: 1.2, status: 0.3 },
    inText: 0.6,
    says: 'brings people up to the same point',
    phrases: `sync, syncs, sync up, syncup, touch base, touchbase, touchpoint, check in, checkin, check ins, catch up,
      catchup, connect, jam, huddle on, abstimmung, abstimmungs*, point avec, reunion de coordination,
      ponto de contato`,
  },
  {
    rule: 'looking-back',
    weights: { alignment: 3 },
    says: 'looks back to learn',
    role: 'settles',
    phrases: `retro, retros, retrospective, retrospectives, retrospectiva*, lessons learned, lessons learnt, post mortem*, postmortem*, post incident*,
      incident review*, incident debrief, incident retrospective, incident analysis, after action*, aar, learning review, blameless*, root cause, rca, what went well,
      went well, could be improved, what could we improve, hot wash, hotwash, debrief, debriefs, near miss*, morbidity and mortality, mortality review, m m conference,
      case review, critical event review, significant event*, safety review, cirs, sentinel event*, project review, closeout review, retrospektive*, ruckschau,
      nachbesprechung, fehleranalyse, manoverkritik, retour d experience, retex, rex, revue de mortalite, bilan, rmm, lecciones aprendidas,
      analisis de incidente*, licoes aprendidas, analise de incidente*, analise de causa*, 振り返り, ふりかえり, ポストモーテム, 障害振り返り, 反省会, kpt, レトロ`,
  },
  {
    rule: 'words-kick-off',
    weights: { alignment: 2.6 },
    says: 'starts something together',
    phrases: `kick off*, kickoff*, kicking off, inception, project start, launch meeting, team charter, team launch, auftakt, auftakt*, startworkshop, projektstart,
      lancement, reunion de lancement, demarrage, arranque, reunion de arranque, lanzamiento, inicio de proyecto, pontape inicial, abertura do projeto, inicio do projeto,
      キックオフ, 立ち上げ`,
  },
  {
    rule: 'person-to-person',
    weights: { alignment: 2.4 },
    says: 'is time for a person',
    phrases: `one on one, one on ones, one to one, one to ones, 1 on 1, 1 1, 1on1, 1to1, 1 to 1, 1x1, o3, skip level,
      mentor, mentors, mentoring, mentorship, coaching, coach, career conversation*, career chat,
      development talk, performance review, performance reviews, appraisal, appraisals, supervision,
      parent teacher*, parents evening, tutoring, advising, coffee chat, virtual coffee, donut, buddy,
      pulse meeting, mitarbeitergesprach*, jahresgesprach, zielvereinbarung*, entwicklungsgesprach, elternabend,
      elterngesprach, elternsprechtag, vier augen, entretien, entretiens, entretien individuel,
      entretien annuel, tete a tete, reunion parents*, entrevista individual, uno a uno, mentoria, tutoria,
      reunion de padres, conversa individual, reuniao de pais, 面談, 個人面談, 保護者会, 1対1, ワンオンワン`,
  },
  {
    rule: 'open-door',
    weights: { alignment: 2.4 },
    says: 'is open for questions',
    phrases: `office hours, office hour, open hours, open hour, drop in, drop in session, drop ins, surgery hours,
      ask me anything, ama, ask us anything, help desk, helpdesk, fishbowl, lean coffee, unconference,
      birds of a feather, bof, sprechstunde, fragestunde, offene runde, permanence, horas de oficina,
      horario de consulta, plantao de duvidas, オフィスアワー, 質問会, drop in clinic, advice clinic, code clinic,
      data clinic`,
  },
  {
    rule: 'words-learn',
    weights: { alignment: 1.9 },
    inText: 0.6,
    says: 'builds knowledge',
    phrases: `training*, onboarding, onboard, learn, learning, lesson, teach, teaching, study group, reading group,
      reading club, journal club, book club, knowledge sharing, knowledge exchange, community of practice,
      communities of practice, guild, chapter meeting, lunch and learn, lunch n learn, masterclass, bootcamp,
      course, seminar, inservice, induction, orientation, familiarisation, get to know, introduce, introduction to,
      intro, intro to, primer, tutorial on, how we work, schulung*, fortbildung*, weiterbildung*, einarbeitung,
      einfuhrung*, unterweisung, lerngruppe, formation, formations, montee en competence, apprentissage,
      integration des nouveaux, capacitacion*, formacion, curso, induccion, aprendizaje, treinamento*, capacitacao,
      integracao, aprendizado, 研修, 勉強会, 輪読会, オンボーディング, 講習, meet and greet, tutorial, tutorials, lunch learn,
      explain, explains, explaining, show how, erklart, explique, explica`,
  },
  {
    rule: 'words-design',
    weights: { alignment: 1.6 },
    says: 'works on a design or plan before it is built',
    phrases: `design, designs, designing, architecture, architectural, rfc, rfcs, design doc, design docs, tech spec,
      specification, spec, scoping, scope, requirements, use cases, use case, user stories, user story,
      approach, approaches, api design, data model, strategy, strategic, strategies, vision, mission, roadmap,
      roadmaps, roadmapping, concept, blueprint, curriculum, lesson planning, care plan, care planning,
      case conference, multidisciplinary, mdt, ward round, ward rounds, grand rounds, konzept*, architektur*,
      strategie*, entwurf*, anforderung*, fallbesprechung, visite, conception, feuille de route, diseno,
      arquitectura, planeacion, estrategia*, hoja de ruta, desenho, arquitetura, roteiro, 設計, 設計レビュー, 企画, 企画会議,
      方針, 戦略, 要件, 要件定義, アーキテクチャ`,
  },
  {
    rule: 'words-plan',
    weights: { decision: 0.9, alignment: 1.1 },
    says: 'makes a plan',
    phrases: `planning, plan, plans, plan for, plans for, planung*, planification, planificacion, planejamento, 計画`,
  },
  {
    rule: 'words-how',
    weights: { alignment: 1.2, decision: 0.3 },
    says: 'asks an open question',
    phrases: `how do we, how should we, how to, how can we, how might we, how we, what do we, what should we, why do we, why we, what if, where do we, what does it mean,
      challenges, challenge, problem, problems, issue with, issues with, pain points, lessons, improve, improving, improvement*, better, opportunities, risks, risk, assumption*,
      concerns about, wie wollen, wie konnen, comment faire, como podemos, como vamos, どのように, どうやって, 改善, 課題共有`,
  },
  {
    rule: 'working-group',
    weights: { alignment: 0.5, status: 0.5 },
    inText: 0.2,
    says: 'is a group that works across teams',
    phrases: `working group, work group, wg, special interest group, sig, task force, taskforce, interest group, tiger team, squad of squads, user group, forum, network meeting,
      arbeitsgruppe, arbeitskreis, ag, runder tisch, reseau, red de, mesa tecnica, comunidade, 分科会, ワーキンググループ, 部会`,
  },
  {
    rule: 'social',
    weights: { alignment: 1.6 },
    inText: 0.3,
    says: 'is a social gathering',
    phrases: `lunch, team lunch, dinner, drinks, happy hour, party, christmas party, holiday party, summer party, farewell,
      leaving do, social, social hour, team building, teambuilding, outing, game night, picnic, barbecue, bbq,
      coffee, breakfast, tea time, weihnachtsfeier, sommerfest, betriebsausflug, stammtisch, verabschiedung, feier,
      mittagessen, kaffee*, aperitif, apero, pot de depart, dejeuner, cena, almuerzo, convivio, despedida, fiesta,
      confraternizacao, almoco, churrasco, festa, 懇親会, 歓迎会, 送別会, 忘年会, 新年会, ランチ, 飲み会`,
  },

  // ——— conflict: what cannot both stand is brought to one
  {
    rule: 'words-escalate',
    weights: { conflict: 2.6 },
    says: 'brings up something that was escalated',
    phrases: `escalat*, bridge call, crisis meeting, showdown, eskalation*, eskaliert*, krisensitzung, krisengesprach, escalade, cellule de crise, reunion de crise, escalamiento, escalar,
      reunion de crisis, escalonamento, escalacao, reuniao de crise, エスカレーション, 緊急協議`,
  },
  {
    rule: 'words-disagree',
    weights: { conflict: 2.9 },
    says: 'names a disagreement',
    phrases: `disagree*, dissent*, disput*, conflict, conflicts, conflicting, conflict resolution, conflict management,
      resolve conflict*, resolve differences, differences of opinion, difference of opinion, can t agree,
      cannot agree, could not agree, couldn t agree, unable to agree, did not agree, do not agree, not agree,
      don t agree, no agreement, no consensus, without consensus, deadlock, deadlocked, stalemate, impasse,
      stand off, standoff, contentious, contested, controvers*, argument over, arguing, fight over, quarrel*,
      feud*, at odds, pushback, push back, pushes back, opposed to, opposing, oppose, opposes, opposition to,
      both sides, two sides, opposing views, differing views, diverging, divergent, divergence*, competing,
      competing proposals, competing plans, competing priorities, rival, rivals, rivalry, mutually exclusive,
      cannot both, can t both, both want, both teams want, both need, double booked, double booking, same slot,
      turf, stuck between, konflikt*, streit*, uneinig*, meinungsverschiedenheit*, widerspruch*, gegensatz*,
      zielkonflikt*, unvereinbar*, umstritten*, strittig*, konkurrier*, doppelbelegung, kollision*, conflit*,
      desaccord*, litige*, differend*, incompatible*, conteste*, discorde, conflicto*, desacuerdo*,
      disputa*, discrepancia*, controversia*, incompatible, contradiccion*, enfrentamiento, tensiones, rivales,
      conflito*, desacordo*, divergencia*, impasses, contradicao, contradicoes, incompativ*, controverso, tensoes,
      対立, 衝突, 紛争, 食い違い, 意見の相違, 不一致, 競合, 矛盾, 揉めている, 折り合い`,
  },
  {
    rule: 'words-clash',
    weights: { conflict: 2 },
    says: 'names things that cannot both stand',
    phrases: `clash, clashes, clashing, collide, collides, collision, collisions, incompatible plans, incompatib*,
      contradict*, friction, tension, tensions, either or, overlapping claims, unvereinbare plane, cannot do both,
      can t do both, cannot have both, can t have both, only one of them, only one can, insists, insist on,
      insisting, refuses, refuse, refused, demands that, will not give up, besteht auf, weigert sich, refuse de,
      exige, exige que, se niega, both booked, neither will, neither side, neither team, settle it, settle this,
      settle between, settle who, they claim, both claim, lawyers, legal action, keiner will, beanspruchen,
      beansprucht`,
  },
  {
    rule: 'words-versus',
    weights: { conflict: 1, decision: 0.6 },
    inText: 0.5,
    says: 'puts one thing against another',
    phrases: `versus, vs, gegenüberstellung, contra`,
  },
  {
    rule: 'words-object',
    weights: { conflict: 2.3 },
    says: 'has an objection in it',
    phrases: `objection*, object to, objecting, objects to, objected, objector*, veto, vetoes, vetoed, vetos, blocking concern*, block consensus, blocked consensus, stand aside, appeal, appeals, appealing,
      appealed, appellant, overrule*, overturn*, reverse the decision, revert the decision, reconsider*, challenge to the decision, protest*, complain*, complaint*, grievanc*, griev*, einspruch*,
      einwand*, einwande, beschwerde*, berufung gegen, protest, widerspruchsverfahren, recours, reclamation*, plainte*, opposition, objeccion*, objecion*, queja*, reclamo*, recurso de, apelacion,
      impugnacion, reclamacao, reclamacoes, objecao, objecoes, queixa*, recurso contra, 反対, 反対意見, 異議, 苦情, クレーム, 抗議`,
  },
  {
    rule: 'words-mediate',
    weights: { conflict: 3.2 },
    says: 'settles between sides',
    role: 'settles',
    phrases: `mediat*, mediation, arbitrat*, arbitration, conciliat*, tribunal, dispute resolution,
      facilitated conversation, facilitated dialogue, restorative, restorative circle, restorative justice,
      reconciliation meeting, reconcile differences, peace talks, peacemaking, ombuds*, settle the,
      settlement talks, collective bargaining, labor negotiation*, labour negotiation*, schlichtung*, mediator*,
      vermittlung*, einigungsstelle, klarungsgesprach, conciliation, prud hommes, conciliacion, arbitraje,
      mediacion*, mediador*, mediacao, conciliacao, 調停, 仲裁, 仲介, 団体交渉`,
  },
  {
    rule: 'sides-want',
    weights: { conflict: 0.9 },
    says: 'names what a side wants',
    phrases: `wants, wants to keep, each want, beide wollen, les deux veulent, ambos quieren`,
  },
  {
    rule: 'words-negotiate',
    weights: { conflict: 2, decision: 0.8 },
    says: 'negotiates between sides',
    phrases: `negotiat*, bargaining, verhandlung*, tarifverhandlung*, verhandeln, negociation*, negociacion*, negociacao, negociacoes, 交渉, 折衝`,
  },
  {
    rule: 'words-conduct',
    weights: { conflict: 2.9 },
    says: "judges someone's conduct",
    role: 'settles',
    phrases: `misconduct, disciplinary, disciplinary hearing, harass*, bullying, conduct hearing, conduct committee,
      conduct review, conduct report, conduct reports, conduct violation*, code of conduct committee,
      code of conduct report*, code of conduct violation*, code of conduct incident*, code of conduct complaint*,
      breach of, allegation*, alleged, accused, accusation*, sanction*, expulsion, exclusion hearing, whistleblow*,
      misbehaviour, misbehavior, abuse, plagiarism, academic integrity, abmahnung*, disziplinar*, fehlverhalten,
      mobbing, ordnungswidrig*, conseil de discipline, harcelement, faute grave, sanction disciplinaire, acoso,
      expediente disciplinario, falta grave, sancion*, disciplinario, assedio, sancao, sancoes,
      processo disciplinar, 懲戒, ハラスメント, 規律違反, 不祥事, disciplinary*, discipline hearing, discipline committee,
      suspension hearing, suspension of`,
  },

  // ——— bend others
  {
    rule: 'negation',
    weights: {},
    says: '',
    role: 'negates',
    phrases: `no, not, never, without, don t, doesn t, isn t, won t, aren t, neither, nor, nothing to, instead of, rather than, none of, kein, keine, keinen, keiner, nicht, ohne, nie, weder, pas, pas de, sans,
      aucun, aucune, ni, ninguna, ninguno, ningun, sin, nao, sem, nenhum, nenhuma, nem`,
  },
  {
    rule: 'harmless',
    weights: {},
    says: '',
    phrases: `conflict of interest, conflicts of interest, conflict of interests, declaration of interest*,
      merge conflict*, no longer, no later, not only, no more than, no blame, no matter, no one, no problem,
      not yet decided, no idea, no shows, no show, why not, if not, not sure, whether or not to, no meeting,
      status quo, status code*, status page, update your, please update, to be updated, updated version,
      for more information, more information, more info, additional information, contact information,
      information about, design system*, design team, design department, system design team, design thinking team,
      reports to, progress bar, scheduling conflict*, time conflict, calendar conflict*, kanban board,
      project board, github project board, task board, scrum board, jira board, trello board, message board,
      discussion board, discussion forum, miro board, mural board, board games, board game, on board, notice board,
      white board, dash board, circuit board, breadboard, discussion group, github discussions, discussion thread,
      mailing list discussion, developer relations, public relations, union square, european union, credit union,
      union station, union find, student union, disk full, issue tracker, issue template, block diagram, blocks,
      blockchain, test plan, lesson plan template, meeting notes, notes, decision record*, decision log, adrs,
      decisions log, motion sensor*, motion graphics, select all, report a bug, bug report, bug reports,
      vote of thanks, selected speaker, ballot paper stock, business hours, training data, machine learning,
      deep learning, reinforcement learning, learning rate, language model, model training, question mark,
      feature request, request for comments, pull request template, complaints department, holiday schedule,
      tender mercies, appeals to, appealing to, appeal to you, tensioner, high tension, low tension,
      surface tension, friction test, clash detection, collision avoidance, collision detection,
      deadlock detection, deadlock in, abuse rate limit, sanctioned by, versus last year, vs last year, vs plan,
      versus plan, actuals vs, budget vs, competing in, competing at, arbitrary, arbitrarily, mediate, mediated by,
      immediate, commits, commit message, opposed, account reconciliation, bank reconciliation, pas encore,
      pas a pas, sin duda, sem duvida, nicht nur, pas seulement, ni siquiera, 情報システム, 共有フォルダ, 共有ドライブ, 報告書類, 課題図書,
      競合他社, 競合分析, winter appeal, christmas appeal, fundraising appeal, emergency appeal, spring appeal,
      summer appeal, charity appeal, appeal launch, of course, solar panel*, control panel*`,
  },
  {
    rule: 'open-discussion',
    weights: { alignment: 0.15 },
    says: 'leaves time for anything',
    role: 'open-discussion',
    phrases: `open discussion, open discussions, open floor, open agenda, open topics, open forum, general discussion, free discussion, followed by discussion, followed by open discussion, time for questions, time for q a, if time permits,
      any questions, questions and answers, questions from, topics from the floor, add your topics, add agenda items, add your agenda, add items, freie diskussion, offene diskussion, offene themen, freie themen, discussion libre, discussion ouverte, tema libre,
      discusion abierta, temas abiertos, discussao aberta, temas livres, 自由討論, フリートーク`,
  },
  {
    rule: 'housekeeping',
    weights: {},
    says: 'is housekeeping',
    role: 'housekeeping',
    phrases: `roll call, attendance, attendees, apologies, apologies for absence, minutes, the minutes, approve minutes, approve the minutes, approve previous minutes, approve last, approval of minutes, approval of the minutes, approval of previous minutes, approval of last,
      approval of agenda, approval of the agenda, approve agenda, approve the agenda, adopt the agenda, adoption of the agenda, adoption of the minutes, adoption of minutes, minutes of the last meeting, minutes of the previous meeting, previous minutes, review minutes, review of minutes, review of the minutes,
      review previous minutes, reading of the minutes, any other business, aob, aoh, other business, other items, action items from last, action items from the last, action items from previous, action items of last, review action items, review of action items, review open action items, previous action items,
      outstanding action items, open action items, action item review, action items review, actions from last, action points from last, review actions, review of actions, matters arising, follow up action items, last meeting s action items, next meeting, date of next meeting, next meeting date, call to order, adjourn*, agenda bashing, agenda review, review agenda, review the agenda,
      review of agenda, agenda bash, scribe, note taker, notetaker, note taking, antitrust, anti trust, antitrust policy, code of conduct reminder, meeting etiquette, opening remarks, closing remarks, opening, closing, wrap up, icebreaker, ice breaker, parking lot, welcome, welcome and introductions, welcome introductions, quorum check,
      establish quorum, introductions, pledge of allegiance, invocation, moment of silence, land acknowledgement, protokoll, genehmigung des protokolls, protokoll der letzten, verschiedenes, sonstiges, begrußung, begrussung, begruessung, begrubung, anwesenheit, feststellung der beschlussfahigkeit, genehmigung der tagesordnung, nachster termin,
      approbation du pv, approbation du proces verbal, approbation du compte rendu, approbation de l ordre du jour, divers, questions diverses, tour de presence, accueil, prochaine reunion, aprobacion del acta, lectura del acta, lectura y aprobacion del acta, aprobacion del orden del dia, ruegos y preguntas, varios, asuntos varios, bienvenida, proxima reunion, lista de asistencia,
      aprovacao da ata, leitura da ata, aprovacao da pauta, outros assuntos, assuntos gerais, boas vindas, proxima reuniao, lista de presenca, 前回議事録, 議事録確認, 前回議事録の承認, その他, 出欠, 出席確認, 次回日程, 開会, 閉会`,
  },
  {
    rule: 'purpose',
    weights: {},
    says: '',
    role: 'purpose',
    phrases: `purpose, the purpose, goal of, goal is, goals, goal, objective, objectives, aim of, aim is, aims, the aim, desired outcome*, expected outcome*, outcome, outcomes, intended outcome*, in order to, so that we, is to, are here to, we will, we need to, need to, please come prepared, by the end of, to leave with,
      ziel, ziele, zweck, objectif, objectifs, but de, objetivo, objetivos, finalidad, finalidade, 目的, ゴール, 狙い`,
  },
]
