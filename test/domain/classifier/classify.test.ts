import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classify, strongest } from '../../../src/domain/classifier/classify.ts'
import { cueGroups, findCues } from '../../../src/domain/classifier/lexicon.ts'
import { type KindModel, lexiconModel } from '../../../src/domain/classifier/model.ts'
import { phrasesIn } from '../../../src/domain/classifier/phrases.ts'
import { type KindVerdict, type MeetingKind, meetingKinds } from '../../../src/domain/classifier/types.ts'
import { invitation } from './invitation.ts'

describe('a title alone', () => {
  it.each<[title: string, kind: KindVerdict, rule: string]>([
    // Software
    ['Daily standup', 'status', 'round-of-updates'],
    ['Sprint demo', 'status', 'broadcast-format'],
    ['Bug triage', 'decision', 'words-triage'],
    ['Sprint planning', 'decision', 'words-commit'],
    ['Release 4.2 go/no-go', 'decision', 'words-decide'],
    ['Change Advisory Board', 'decision', 'decision-gate'],
    ['Platform Steering Committee', 'decision', 'decision-body'],
    ['Team retrospective', 'alignment', 'looking-back'],
    ['Post-mortem: login outage', 'alignment', 'looking-back'],
    ['Kick-off billing rewrite', 'alignment', 'words-kick-off'],
    ['Data platform office hours', 'alignment', 'open-door'],
    ['Design workshop: search', 'alignment', 'words-workshop'],
    ['Payments / Mobile dependencies', 'alignment', 'words-align'],
    ['Ana / Ben 1:1', 'alignment', 'person-to-person'],
    ['Escalation: search index ownership', 'conflict', 'words-escalate'],
    ['Competing proposals for the event bus', 'conflict', 'words-disagree'],
    // Hospital
    ['Shift handover ward 3', 'status', 'round-of-updates'],
    ['Tumor board', 'decision', 'decision-gate'],
    ['Morbidity and mortality conference', 'alignment', 'looking-back'],
    ['Grievance hearing, night shift roster', 'conflict', 'words-object'],
    // Factory
    ['Material Review Board', 'decision', 'decision-gate'],
    ['Engineering change approval', 'decision', 'decision-gate'],
    ['Lessons learned line 2 changeover', 'alignment', 'looking-back'],
    ['Mediation between assembly and paint shop', 'conflict', 'words-mediate'],
    // School
    ['Parent-teacher conference', 'alignment', 'person-to-person'],
    ['School board election', 'decision', 'words-vote'],
    ['School assembly, year 7', 'status', 'broadcast-format'],
    ['Disciplinary hearing', 'conflict', 'words-conduct'],
    // Town hall and charity
    ['City Council: vote on the zoning ordinance', 'decision', 'words-vote'],
    ['Grant review and award of funding', 'decision', 'decision-gate'],
    ['Board of Trustees', 'decision', 'decision-body'],
    ['Volunteer onboarding', 'alignment', 'words-learn'],
    ['All hands', 'status', 'broadcast-format'],
    ['Appeal against the parking decision', 'conflict', 'words-object'],
    // German
    ['Lagebesprechung', 'status', 'round-of-updates'],
    ['Statusbericht Umbau', 'status', 'words-update'],
    ['Lenkungsausschuss', 'decision', 'decision-body'],
    ['Haushaltsbeschluss', 'decision', 'words-commit'],
    ['Genehmigung Investitionen', 'decision', 'words-approve'],
    ['Retrospektive Team Nord', 'alignment', 'looking-back'],
    ['Auftaktworkshop Klinikneubau', 'alignment', 'words-kick-off'],
    ['Schlichtungsgespräch', 'conflict', 'words-mediate'],
    ['Uneinigkeit über den Liefertermin', 'conflict', 'words-disagree'],
    // French
    ["Point d'avancement", 'status', 'words-update'],
    ['Comité de pilotage', 'decision', 'decision-body'],
    ['Vote du budget', 'decision', 'words-vote'],
    ["Retour d'expérience incident réseau", 'alignment', 'looking-back'],
    ['Atelier de cadrage', 'alignment', 'words-workshop'],
    ['Désaccord sur le calendrier', 'conflict', 'words-disagree'],
    ['Médiation service achats', 'conflict', 'words-mediate'],
    // Spanish
    ['Reunión de seguimiento', 'status', 'round-of-updates'],
    ['Aprobación del presupuesto', 'decision', 'words-approve'],
    ['Junta directiva', 'decision', 'decision-body'],
    ['Lluvia de ideas campaña', 'alignment', 'words-workshop'],
    ['Lecciones aprendidas', 'alignment', 'looking-back'],
    ['Conflicto de turnos en urgencias', 'conflict', 'words-disagree'],
    // Portuguese
    ['Reunião de acompanhamento', 'status', 'round-of-updates'],
    ['Aprovação do orçamento', 'decision', 'words-approve'],
    ['Alinhamento entre equipes', 'alignment', 'words-align'],
    ['Retrospectiva do trimestre', 'alignment', 'looking-back'],
    ['Mediação com o fornecedor', 'conflict', 'words-mediate'],
    // Japanese
    ['進捗報告', 'status', 'words-update'],
    ['朝会', 'status', 'round-of-updates'],
    ['予算の承認', 'decision', 'words-approve'],
    ['取締役会', 'decision', 'decision-body'],
    ['新機能キックオフ', 'alignment', 'words-kick-off'],
    ['認識合わせ', 'alignment', 'words-align'],
    ['エスカレーション対応', 'conflict', 'words-escalate'],
    ['労使の調停', 'conflict', 'words-mediate'],
  ])('%s → %s (%s)', (title, kind, rule) => {
    const found = classify(invitation(title))
    expect(found.kind).toBe(kind)
    expect(found.basis.map(reason => reason.rule)).toContain(rule)
  })
})

describe('an agenda', () => {
  it.each<[what: string, title: string, agenda: string, kind: KindVerdict]>([
    [
      'a sync that approves is a decision',
      'Weekly sync',
      '- Approve the release\n- Vote on the new on-call rota',
      'decision',
    ],
    [
      'a review that only presents is status',
      'Quarterly review',
      '- Presentation of results per region\n- Highlights of the quarter\n- Announcements',
      'status',
    ],
    [
      'updates followed by open discussion stay status',
      'Team meeting',
      '1. Updates from each ward\n2. Announcements\n3. Open discussion',
      'status',
    ],
    [
      'an update round in which teams compare plans is alignment',
      'Leads meeting',
      '- Each team describes its plans for the next month\n- Dependencies between teams\n- Where do our plans overlap?',
      'alignment',
    ],
    [
      'triage is a decision',
      'Maintenance',
      'We go through the open work orders, prioritise them and assign an owner.',
      'decision',
    ],
    [
      'a retrospective is alignment even when actions come out',
      'Sprint retro',
      '- What went well\n- What could we improve\n- Agree on actions and assign owners',
      'alignment',
    ],
    [
      'judging conduct is conflict',
      'Staff matter',
      'Hearing about the alleged harassment on the night shift and the decision on sanctions.',
      'conflict',
    ],
    [
      'a demo where acceptance is decided is a decision',
      'Demo portal',
      '- Demo\n- Acceptance: accept or reject the portal, sign-off',
      'decision',
    ],
    [
      'housekeeping is not a decision',
      'Ward meeting',
      '- Roll call\n- Approve minutes\n- Updates from each bay\n- AOB',
      'status',
    ],
    [
      'minutes decide among items',
      'Operations',
      '- Updates (5 min)\n- Choose the new supplier (40 min)\n- Announcements (5 min)',
      'decision',
    ],
    [
      'many minutes of updates outweigh a short decision',
      'Operations',
      '- Project updates from each line (50 min)\n- Approve leave requests (5 min)',
      'status',
    ],
    [
      'negated decisions leave an update',
      'Budget information',
      'No decisions today. Finance reports the figures and the forecast.',
      'status',
    ],
    [
      'named sides make it conflict',
      'Database names',
      'Payments and Search both want the column and could not agree. Objections of both sides, then we settle the dispute.',
      'conflict',
    ],
    [
      'one objection among many items leaves the decision first',
      'Standards committee',
      '- Vote on proposal 12\n- Vote on proposal 13\n- Approve the charter\n- Objection of the paint shop to proposal 9',
      'decision',
    ],
    [
      'Markdown headings are items',
      'Lenkungskreis',
      '## Freigabe Phase 2\nUnterlagen anbei\n\n## Entscheidung Lieferant\n',
      'decision',
    ],
    [
      'Outlook HTML is read like text',
      'Wochenrunde',
      '<html><body><p>Hallo,</p><ul><li>Bericht der Stationen</li><li>Neuigkeiten</li><li>Ank&uuml;ndigungen</li></ul></body></html>',
      'status',
    ],
    [
      'a French order of the day',
      'Réunion',
      'Ordre du jour :\n- Approbation du budget\n- Vote sur le règlement\n- Divers',
      'decision',
    ],
    [
      'a Spanish order of the day',
      'Reunión',
      'Orden del día:\n- Informe de ventas\n- Novedades\n- Ruegos y preguntas',
      'status',
    ],
    [
      'a Portuguese pauta',
      'Reunião',
      'Pauta:\n- Desacordo entre vendas e logística\n- Reclamações do fornecedor',
      'conflict',
    ],
    ['a Japanese agenda', '会議', '議題：\n・新システムの選定\n・予算の承認\n・その他', 'decision'],
  ])('%s', (_, title, agenda, kind) => {
    expect(classify(invitation(title, agenda)).kind).toBe(kind)
  })

  it('names conflict second when one item of many is contested', () => {
    const { scores } = classify(
      invitation(
        'Standards committee',
        '- Vote on proposal 12\n- Approve the charter\n- Dispute about proposal 9: objections of both sides',
      ),
    )
    expect([...meetingKinds].sort((a, b) => scores[b] - scores[a]).slice(0, 2)).toEqual(['decision', 'conflict'])
  })

  it('gives every item its own kind, minutes and owner', () => {
    const { items } = classify(invitation('Leads', '- Updates (10 min)\n- Approve budget (Ana)\n- Roll call'))
    expect(items.map(({ text, kind, minutes, owner }) => ({ text, kind, minutes, owner }))).toEqual([
      { text: 'Updates', kind: 'status', minutes: 10, owner: null },
      { text: 'Approve budget', kind: 'decision', minutes: null, owner: 'Ana' },
      { text: 'Roll call', kind: 'unclear', minutes: null, owner: null },
    ])
  })

  it('quotes words as written, with the item they stand in', () => {
    const { basis } = classify(invitation('Leads', '- Lunch\n- APPROVE budget'))
    const reason = basis.find(({ rule }) => rule === 'words-approve')
    expect(reason).toMatchObject({ where: 'item', item: 2, quote: 'APPROVE', kind: 'decision' })
    expect(reason?.sentence).toBe('Item 2 “APPROVE budget” asks for an approval.')
  })
})

describe('invitations without the usual words', () => {
  it.each<[title: string, agenda: string, kind: MeetingKind]>([
    ['Night report cardiology', 'Bed occupancy, admissions and transfers since yesterday evening.', 'status'],
    ['Ops weekly', 'Each squad lead gives a two-minute update. No discussion; take questions offline.', 'status'],
    [
      'Quarter close numbers',
      'Finance walks the company through revenue, costs and cash. A recording will be shared.',
      'status',
    ],
    ['Projektstatus Brücke Nord', 'Stand der Arbeiten, Termine, Kosten. Zur Information.', 'status'],
    ['Point hebdo chantier', 'Avancement des travaux, livraisons, météo.', 'status'],
    ['Supplier shortlist', 'Three bids are on the table, we pick the winner today.', 'decision'],
    ['Capacity Q2', 'Agree which two projects get the extra nurses and which wait.', 'decision'],
    ['Parish meeting', 'Adopt the accounts, elect two churchwardens, set the fee for the hall.', 'decision'],
    ['Réunion bureau', 'Choix du prestataire et validation du devis.', 'decision'],
    ['Junta de vecinos', 'Votación de la derrama y elección del presidente.', 'decision'],
    [
      'Mobile + Backend',
      'Walk through how the offline mode is supposed to work so that both teams build the same thing.',
      'alignment',
    ],
    ['What did we learn from the flood?', 'Timeline, what surprised us, what we would do differently.', 'alignment'],
    ['Curriculum day', 'How do we teach fractions from year 3 to year 6? Bring examples.', 'alignment'],
    ['Einarbeitung Schichtplanung', 'Grundlagen, Übungen, Fragen.', 'alignment'],
    ['Lab slots', 'Chemistry and biology both booked Tuesdays and neither will move.', 'conflict'],
    [
      'Line 3 or line 5?',
      'Maintenance says stop line 3, production refuses. The plant manager joins to settle it.',
      'conflict',
    ],
    [
      'API v2 date',
      'Search needs v1 until March, Core wants to remove it in January. Escalated by both leads.',
      'conflict',
    ],
    ['Klärung Raumvergabe', 'Zwei Vereine beanspruchen denselben Abend, der Streit dauert an.', 'conflict'],
    ['Discussion budget partagé', 'Désaccord persistant entre les deux services sur la répartition.', 'conflict'],
  ])('%s: “%s” → %s', (title, agenda, kind) => {
    expect(strongest(classify(invitation(title, agenda)).scores)).toBe(kind)
  })
})

describe('two meetings of one Thursday', () => {
  it('the architecture review of four teams → alignment and a forum; the status round beside it → status and none', () => {
    const people = { attendeeCount: 8, teamCount: 4, recurrence: 'weekly' }
    const review = classify(
      invitation(
        'Weekly architecture review',
        'Each team: five minutes on current work. Major changes get a deeper review. Upcoming projects and their dependencies. Questions.',
        { ...people, durationMinutes: 90 },
      ),
    )
    const round = classify(
      invitation('Engineering status round', 'Round of updates from each team.', { ...people, durationMinutes: 60 }),
    )
    expect([review.kind, review.forum, review.form]).toEqual(['alignment', 'architecture-review', 'cross-team'])
    expect([round.kind, round.forum]).toEqual(['status', null])
  })
})

describe('people, rhythm and length', () => {
  it('two people and no telling title → alignment (two-people)', () => {
    const found = classify(invitation('Mira', '', { attendeeCount: 2 }))
    expect(found.kind).toBe('alignment')
    expect(found.basis[0]).toMatchObject({ rule: 'two-people', where: 'people' })
  })

  it.each<[title: string, known: Parameters<typeof invitation>[2], rules: readonly string[]]>([
    ['Spring', { attendeeCount: 100 }, ['very-many-people']],
    ['Team Blue', { recurrence: 'daily', durationMinutes: 15 }, ['daily', 'very-short']],
    ['Surgical time-out', { recurrence: 'daily', durationMinutes: 15 }, ['daily', 'very-short']],
    ['Bed meeting', { recurrence: 'daily', durationMinutes: 15 }, ['daily', 'very-short']],
    ['Zzz qqq', { recurrence: 'every weekday', durationMinutes: 10, optionalShare: 1 }, ['daily', 'mostly-optional']],
    ['Third party risk', { recurrence: 'daily', durationMinutes: 15 }, ['daily', 'very-short']],
    ['Planning', { recurrence: 'daily', durationMinutes: 15, attendeeCount: 70 }, ['daily', 'very-many-people']],
    ['Zzz qqq', { teamCount: 3, durationMinutes: 180 }, ['several-teams', 'very-long']],
  ])('“%s” with %o → unclear: they support a kind and found none', (title, known, rules) => {
    const found = classify(invitation(title, '', known))
    expect(found.kind).toBe('unclear')
    expect(found.basis.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['nothing-to-go-by', ...rules]))
  })

  it('every day for fifteen minutes makes a title that reports more of a status', () => {
    const alone = classify(invitation('Ward report'))
    const daily = classify(invitation('Ward report', '', { recurrence: 'daily', durationMinutes: 15 }))
    expect([alone.kind, daily.kind]).toEqual(['status', 'status'])
    expect(daily.scores.status).toBeGreaterThan(alone.scores.status)
  })

  it('several times a week is not said to be every day', () => {
    const { basis } = classify(invitation('Standup', '', { recurrence: 'several a week' }))
    expect(basis.map(({ rule }) => rule)).not.toContain('daily')
  })

  it('several teams make a sync more of an alignment', () => {
    const alone = classify(invitation('Sync', '', { attendeeCount: 9, teamCount: 1 }))
    const across = classify(invitation('Sync', '', { attendeeCount: 9, teamCount: 3 }))
    expect(across.scores.alignment).toBeGreaterThan(alone.scores.alignment)
  })
})

describe('the name of a regular call', () => {
  const daily = { recurrence: 'daily', durationMinutes: 15 }
  it.each<[title: string, known: Parameters<typeof invitation>[2]]>([
    ['Staff', {}],
    ['Weekly', {}],
    ['Weekly', daily],
    ['Weekly team meeting', daily],
    ['Weekly review', daily],
    ['Staff review', {}],
    ['Réunion de service', {}],
    ['定例会議', {}],
    ['Faculty meeting', { attendeeCount: 80 }],
    ['All hands', { attendeeCount: 5 }],
    ['Staff meeting', { attendeeCount: 8 }],
    ['Town hall', { attendeeCount: 4, ...daily }],
  ])('“%s” with %o → unclear', (title, known) => {
    expect(classify(invitation(title, '', known)).kind).toBe('unclear')
  })

  it.each<[title: string, agenda: string, known: Parameters<typeof invitation>[2], kind: KindVerdict]>([
    ['Weekly', '- Updates from each ward\n- Announcements', {}, 'status'],
    ['Staff', '- Approve the budget\n- Vote on the rota', {}, 'decision'],
    ['All hands', '', { attendeeCount: 9 }, 'status'],
    ['Staff meeting', '', {}, 'status'],
  ])('“%s” with the agenda “%s” and %o → %s', (title, agenda, known, kind) => {
    expect(classify(invitation(title, agenda, known)).kind).toBe(kind)
  })
})

describe('a title that prepares for another meeting', () => {
  it.each([
    'QBR prep',
    'Board prep',
    'Board meeting (prep)',
    'Lesson preparation',
    'Preparation for the board meeting',
    'Vorstand Vorbereitung',
    '取締役会準備',
  ])('“%s” → unclear', title => {
    expect(classify(invitation(title)).kind).toBe('unclear')
  })

  it('an agenda speaks all the same', () => {
    expect(classify(invitation('Board prep', '- Choose the speakers\n- Approve the slides')).kind).toBe('decision')
  })
})

describe('confidence', () => {
  it.each<[title: string, known: Parameters<typeof invitation>[2], most: number]>([
    ['Pipeline review', {}, 0.55],
    ['Scrap report', {}, 0.55],
    ['Scrap report', { recurrence: 'daily', durationMinutes: 15 }, 0.55],
    ['Mira', { attendeeCount: 2 }, 0.55],
    ['Conflict, line 3', {}, 0.6],
    ['Escalation', {}, 0.6],
    ['Rex', {}, 0.7],
    ['Elections in ward 4', {}, 0.7],
    ['Fire drill debrief', {}, 0.7],
    ['Weekly standup', { recurrence: 'daily', durationMinutes: 15 }, 0.7],
  ])('“%s” with %o stands on one title word at most → at most %d', (title, known, most) => {
    const found = classify(invitation(title, '', known))
    expect(found.kind).not.toBe('unclear')
    expect(found.confidence).toBeLessThanOrEqual(most)
  })

  it.each<[title: string, agenda: string]>([
    ['Rollout vote', '- Approve the rollout\n- Decide on the date'],
    ['Approve and ratify: vote on the budget', ''],
    ['Dispute: objections to the escalated plan', ''],
    ['Mediation', 'Dispute between assembly and paint shop, objections of both sides.'],
  ])('“%s” with the agenda “%s” stands on more → above 0.7', (title, agenda) => {
    expect(classify(invitation(title, agenda)).confidence).toBeGreaterThan(0.7)
  })
})

describe('thin evidence', () => {
  it.each(['', 'Meeting', 'Blue', 'Thursday', '🎉', '会', 'Q3'])('“%s” alone → unclear, with a reason', title => {
    const found = classify(invitation(title))
    expect(found.kind).toBe('unclear')
    expect(found.basis.map(({ rule }) => rule)).toContain('nothing-to-go-by')
    expect(meetingKinds).toContain(strongest(found.scores))
  })
})

describe('words that only look telling', () => {
  it.each([
    ['Declaration of conflicts of interest', 'conflict'],
    ['Merge conflicts in the pipeline', 'conflict'],
    ['No more appeals to authority please', 'conflict'],
    ['Kanban board cleaning', 'decision'],
    ['On-call handoff', 'status'],
    ['Escalator maintenance', 'conflict'],
    ['Mediathek', 'conflict'],
    ['Feudalism in year 8', 'conflict'],
    ['Streitwert', 'conflict'],
    ['Réclamations clients', 'conflict'],
    ['Reclamation of the quarry', 'conflict'],
    ['Disputation Anna Berg', 'conflict'],
    ['Deadlock-free queues', 'conflict'],
    ['Competing vendors', 'conflict'],
    ['Conflict Minerals', 'conflict'],
    ['Protestant parish', 'conflict'],
    ['Oficina de proyectos', 'alignment'],
    ['Elections office', 'decision'],
    ['Consultant', 'alignment'],
    ['Labour Party group', 'alignment'],
    ['Third party risk', 'conflict'],
  ] as const)('%s is not %s', (title, kind) => {
    expect(classify(invitation(title)).kind).not.toBe(kind)
  })

  it.each([
    'The lease is escalated',
    'Mediator for wards 3 and 4',
    'We mediate between the shifts',
    'Feuding departments',
    'Feud over the hall',
    'Disputed invoice',
    'Streit um die Halle',
    'Streitgespräch',
    'Competing proposals',
    'Grievance',
    'Deadlock',
  ])('“%s” is a conflict', title => {
    expect(classify(invitation(title)).kind).toBe('conflict')
  })

  it('does not read words out of web addresses', () => {
    expect(findCues('https://example.com/approve/vote/conflict')).toEqual([])
  })
})

describe('any text', () => {
  it('gets scores that sum to one, a basis and the same answer twice', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (title, agenda) => {
          const found = classify(invitation(title, agenda))
          const sum = meetingKinds.reduce((total, kind) => total + found.scores[kind], 0)
          expect(sum).toBeCloseTo(1, 9)
          expect(found.basis.length).toBeGreaterThan(0)
          expect(found.confidence).toBeGreaterThan(0)
          expect(found.confidence).toBeLessThanOrEqual(found.scores[strongest(found.scores)])
          expect(classify(invitation(title, agenda))).toEqual(found)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('lists word reasons strongest first and keeps quotes short', () => {
    const { basis } = classify(invitation('Approve and vote', `- ${'decide and discuss '.repeat(40)}`))
    const weights = basis.filter(({ kind }) => kind !== null).map(({ weight }) => weight)
    expect(weights).toEqual([...weights].sort((a, b) => b - a))
    expect(basis.every(({ quote }) => quote === null || quote.length <= 80)).toBe(true)
  })

  it.each([
    ['backslashes', '\\'],
    ['opening brackets', '<'],
    ['tags that never close', '<ul><li'],
    ['comments that never close', '<!--'],
    ['ampersands', '&'],
    ['bullets', '- '],
    ['lines', '\n'],
    ['one word', 'approv'],
    ['kana', '承'],
    ['underscores', '_'],
    ['parentheses', '(10 min'],
    ['at signs', ' @'],
    ['numbers', '1.'],
    ['questions', '? '],
  ])('a million characters of %s end in an answer', (_, unit) => {
    const agenda = unit.repeat(Math.ceil(1_000_000 / unit.length))
    expect(classify(invitation('Sync', agenda)).basis.length).toBeGreaterThan(0)
    expect(classify(invitation(agenda, '')).basis.length).toBeGreaterThan(0)
  })
})

describe('the seam for other models', () => {
  it('a model put in place of the lexicon is the one that speaks', () => {
    const always: KindModel = {
      name: 'always-conflict',
      temperature: 1,
      scoreItem: () => ({
        scores: { status: 0, decision: 0, alignment: 0, conflict: 1 },
        strength: 1,
        founding: { status: 0, decision: 0, alignment: 0, conflict: 1 },
        reasons: [],
        asksPurpose: false,
      }),
      scoreStructure: () => [],
    }
    expect(classify(invitation('Daily standup'), always).kind).toBe('conflict')
    expect(classify(invitation('Daily standup'), lexiconModel).kind).toBe('status')
  })
})

describe('the lexicon', () => {
  it('lists no phrase twice', () => {
    const seen = new Map<string, string>()
    const twice: string[] = []
    for (const group of cueGroups) {
      for (const phrase of phrasesIn(group.phrases)) {
        const folded = phrase.normalize('NFD').replace(/[\u0300-\u036f]/g, '')
        if (/[\u3040-\u30ff]/.test(phrase) ? seen.has(phrase) : seen.has(folded)) twice.push(phrase)
        seen.set(folded, group.rule)
      }
    }
    expect(twice).toEqual([])
  })

  it('finds each of its own phrases', () => {
    const lost: string[] = []
    for (const group of cueGroups) {
      if (group.role === 'negates') continue
      for (const phrase of phrasesIn(group.phrases)) {
        const text = phrase.replaceAll('*', '')
        if (!findCues(text).some(cue => cue.start === 0)) lost.push(`${group.rule}: ${phrase}`)
      }
    }
    expect(lost).toEqual([])
  })

  it.each([
    ['GO / NO-GO', 'words-decide'],
    ['Kick‑off', 'words-kick-off'],
    ['ＲＥＴＲＯ', 'looking-back'],
    ['Décision', 'words-decide'],
    ['De\u0301cision', 'words-decide'],
    ['kickoff!', 'words-kick-off'],
  ])('%s is found whatever its case, accents and joints (%s)', (text, rule) => {
    expect(findCues(text)[0]?.group.rule).toBe(rule)
  })

  it.each(['unapproved-by-design-x', 'demonstration', 'devoted', 'retrograde', 'scrambled'])(
    '“%s” is not cut into other words',
    word => {
      const first = word.split('-')[0]!
      expect(findCues(first).filter(cue => cue.start === 0 && cue.end < first.length)).toEqual([])
    },
  )
})
