import { describe, expect, it } from 'vitest'
import { parseAgenda } from '../../../src/domain/classifier/agenda.ts'

const texts = (description: string) => parseAgenda(description).items.map(item => item.text)

describe('lists', () => {
  it.each([
    ['dashes', '- Budget\n- Hiring'],
    ['lines of Windows', '- Budget\r\n- Hiring\r\n'],
    ['stars', '* Budget\n* Hiring'],
    ['bullets', '• Budget\n•Hiring'],
    ['Outlook dots', '·       Budget\n·       Hiring'],
    ['numbers', '1. Budget\n2. Hiring'],
    ['numbers in brackets', '(1) Budget\n2) Hiring'],
    ['letters', 'a) Budget\nb) Hiring'],
    ['Roman numbers', 'I. Budget\nII. Hiring'],
    ['German items', 'TOP 1: Budget\nTOP 2: Hiring'],
    ['English items', 'Item 1: Budget\nItem 2: Hiring'],
    ['boxes', '- [ ] Budget\n- [x] Hiring'],
    ['lines under a heading', 'Agenda:\nBudget\nHiring'],
    ['one line', 'Agenda: Budget, Hiring'],
    ['Google HTML', '<ul><li>Budget</li><li>Hiring</li></ul>'],
    [
      'Outlook HTML',
      '<html><head><style>p{x}</style></head><body><p class="MsoListParagraph">1. Budget</p><p>2. Hiring</p></body></html>',
    ],
    ['HTML breaks', 'Agenda<br>- Budget<br/>- Hiring'],
    ['Markdown', '## Agenda\n\n1. **Budget**\n2. Hiring\n'],
  ])('%s become items', (_, description) => {
    expect(texts(description)).toEqual(['Budget', 'Hiring'])
  })

  it('headings with their own sentences are items with notes', () => {
    const { items } = parseAgenda('## Budget\nWe are 3 % over.\n\n## Hiring\nTwo candidates.')
    expect(items.map(({ text, details }) => [text, details])).toEqual([
      ['Budget', 'We are 3 % over.'],
      ['Hiring', 'Two candidates.'],
    ])
  })

  it('points under a point are its notes', () => {
    const { items } = parseAgenda('- Budget\n  - last year\n  - this year\n- Hiring')
    expect(items.map(({ text, details }) => [text, details])).toEqual([
      ['Budget', 'last year\nthis year'],
      ['Hiring', ''],
    ])
  })

  it('one outer point with everything under it is a heading', () => {
    expect(texts('- Topics\n  - Budget\n  - Hiring')).toContain('Budget')
    expect(texts('- Topics\n  - Budget\n  - Hiring')).toContain('Hiring')
  })

  it('a heading over points is their context', () => {
    const { items } = parseAgenda('Decisions:\n- Budget\nUpdates:\n- Hiring')
    expect(items.map(({ text, heading }) => [text, heading])).toEqual([
      ['Budget', 'Decisions'],
      ['Hiring', 'Updates'],
    ])
  })

  it('sentences without a list stay sentences', () => {
    expect(parseAgenda('We plan the move. Bring your list, e.g. chairs. Thanks!')).toEqual({
      items: [],
      prose: ['We plan the move.', 'Bring your list, e.g. chairs.', 'Thanks!'],
    })
  })
})

describe('minutes', () => {
  it.each([
    ['- Budget (10 min)', 10],
    ['- Budget [15m]', 15],
    ["- Budget 5'", 5],
    ['- Budget – 20 minutes', 20],
    ['- 10 min: Budget', 10],
    ['- Budget (30 Minuten)', 30],
    ['- Budget (15 minutos)', 15],
    ['- Budget（10分）', 10],
    ['10:00-10:20 Budget', 20],
    ['10:00 – 10:20 Budget', 20],
    ['10.00 – 10.45 Uhr: Budget', 45],
    ['9:30am - 10am Budget', 30],
    ['14h00-14h15 Budget', 15],
    ['- 11:45-12:15 Budget', 30],
  ])('%s lasts %i minutes', (line, minutes) => {
    expect(parseAgenda(line).items).toMatchObject([{ text: 'Budget', minutes }])
  })

  it('a start without an end lasts until the next', () => {
    const { items } = parseAgenda('10:00 Budget\n10:20 Hiring\n10:50 Close')
    expect(items.map(({ text, minutes }) => [text, minutes])).toEqual([
      ['Budget', 20],
      ['Hiring', 30],
      ['Close', null],
    ])
  })

  it('minutes of a heading are shared by its points', () => {
    const { items } = parseAgenda('## Discussion (30 min)\n- Budget\n- Hiring\n- Roof')
    expect(items.map(({ minutes }) => minutes)).toEqual([10, 10, 10])
  })

  it.each(['- 3 min-priced offers', '- Room 204', '- Budget 2027', '- 12 people', '- Phase 2'])(
    '%s names no minutes',
    line => {
      const [item] = parseAgenda(line).items
      if (line.includes('min-priced')) expect(item?.text).toContain('priced')
      else expect(item?.minutes).toBeNull()
    },
  )
})

describe('owners', () => {
  it.each([
    ['- Budget (owner: Ana)', 'Ana'],
    ['- Budget (Ana)', 'Ana'],
    ['- Budget (Ana Lima)', 'Ana Lima'],
    ['- Budget @ana', 'ana'],
    ['- Ana: Budget', 'Ana'],
    ['- Budget – Ana', 'Ana'],
    ['- Budget (Ana, 10 min)', 'Ana'],
    ['- Budget (10 min, Ana)', 'Ana'],
    ['- Budget [Lead: Jörg]', 'Jörg'],
  ])('%s belongs to %s', (line, owner) => {
    expect(parseAgenda(line).items).toMatchObject([{ text: 'Budget', owner }])
  })

  it.each(['- Budget (draft)', '- Budget (API)', '- Decision: roof', '- Marketing: poster'])(
    '%s belongs to nobody',
    line => {
      expect(parseAgenda(line).items[0]?.owner).toBeNull()
    },
  )
})

describe('housekeeping', () => {
  it.each([
    'Roll call',
    'Approve minutes',
    'Approval of the minutes of the last meeting',
    'AOB',
    'Action items from last time',
    'Date of next meeting',
    'Verschiedenes',
    'Genehmigung des Protokolls',
    'Questions diverses',
    'Ruegos y preguntas',
    'Outros assuntos',
    '前回議事録の承認',
  ])('%s is housekeeping', text => {
    expect(parseAgenda(`- ${text}`).items[0]?.housekeeping).toBe(true)
  })

  it.each(['Approve budget', 'Opening of the new ward: who moves when', 'Triage'])('%s is not', text => {
    expect(parseAgenda(`- ${text}`).items[0]?.housekeeping).toBe(false)
  })
})

describe('what machines add is left out', () => {
  const line = '_'.repeat(80)
  it.each([
    [
      'Teams, English',
      `${line}\nMicrosoft Teams Need help?\nJoin the meeting now\nMeeting ID: 123 456 789\nPasscode: aB3\nDial in by phone\n+1 323-555-0101,,12345# United States, Los Angeles\nFind a local number\nFor organizers: Meeting options\n${line}`,
    ],
    [
      'Teams, German',
      `${line}\nMicrosoft Teams-Besprechung\nHier klicken, um an der Besprechung teilzunehmen\nBesprechungs-ID: 123 456\nKenncode: x\n${line}`,
    ],
    [
      'Teams, French',
      `${line}\nRéunion Microsoft Teams\nParticiper à la réunion sur votre ordinateur\nID de réunion : 1234\nCode secret : x\n${line}`,
    ],
    [
      'Teams, Spanish',
      `${line}\nReunión de Microsoft Teams\nUnirse a la reunión ahora\nId. de reunión: 123\nCódigo de acceso: x\n${line}`,
    ],
    [
      'Teams, Portuguese',
      `${line}\nReunião do Microsoft Teams\nIngressar na reunião agora\nID da Reunião: 123\nSenha: x\n${line}`,
    ],
    ['Teams, Japanese', `${line}\nMicrosoft Teams 会議\n今すぐ会議に参加\n会議 ID: 123\nパスコード: x\n${line}`],
    [
      'Meet',
      '-::~:~::~:~:~:~:~:~:~:~:~:~::~:~::-\nJoin with Google Meet: https://meet.google.com/abc-defg-hij\nOr dial: (US) +1 555-010-0100 PIN: 123456789#\nPlease do not edit this section.\n-::~:~::~:~:~:~:~:~:~:~:~:~::~:~::-',
    ],
    [
      'Zoom',
      'Ana is inviting you to a scheduled Zoom meeting.\n\nJoin Zoom Meeting\nhttps://zoom.us/j/123456\n\nMeeting ID: 123 456\nPasscode: 1\nOne tap mobile\n+16699006833,,123456# US (San Jose)\n\nDial by your location\n        +1 669 900 6833 US (San Jose)\nFind your local number: https://zoom.us/u/abc',
    ],
    [
      'Webex',
      "-- Do not delete or change any of the following text. --\nWhen it's time, join your Webex meeting here.\nMeeting number (access code): 123 456 789\nMeeting password: vote\nJoin by phone\n+1-415-555-0100 US Toll\nGlobal call-in numbers",
    ],
    [
      'a legal footer',
      'This email and any attachments are confidential and may be privileged.\nIf you approve or decide, tell the sender.',
    ],
    ['a German footer', 'Diese E-Mail enthält vertrauliche Informationen.\nBeschluss und Freigabe sind untersagt.'],
    ['a quoted answer', '> - Approve old budget\n> - Vote'],
    ['an older message', '-----Original Message-----\nFrom: Ana\nSent: Monday\n- Approve old budget'],
    ['an older agenda', "Last week's agenda\n- Approve old budget"],
  ])('%s', (_, tail) => {
    expect(parseAgenda(`- Roof\n- Heating\n\n${tail}`)).toMatchObject({
      items: [
        { text: 'Roof', details: '' },
        { text: 'Heating', details: '' },
      ],
      prose: [],
    })
  })

  it('a forwarded invitation keeps its agenda', () => {
    expect(
      texts('-----Original Appointment-----\nFrom: Ana\nSent: Monday\nSubject: Roof\n\n- Roof\n- Heating'),
    ).toEqual(['Roof', 'Heating'])
  })

  it('running notes give their newest agenda alone', () => {
    expect(texts('2026-03-12\n- Roof\n- Heating\n2026-03-05\n- Old roof\n')).toEqual(['Roof', 'Heating'])
  })

  it.each([
    'Join us to decide on the roof',
    'Password policy: decide on the length of passwords and who tells the schools',
  ])('“%s” was written by a person and stays', sentence => {
    const { items, prose } = parseAgenda(sentence)
    expect([...items.map(({ text, owner }) => `${owner ?? ''}${text}`), ...prose].join(' ')).toContain('decide on')
  })
})

describe('HTML', () => {
  it('keeps text with angle brackets that is no HTML', () => {
    expect(parseAgenda('- latency < 5 ms and > 1 ms').items[0]?.text).toBe('latency < 5 ms and > 1 ms')
  })

  it('decodes entities, once', () => {
    expect(
      parseAgenda('<p>R&amp;D &lt;plan&gt; &#8211; caf&eacute; &#x41; &amp;lt; &bogus; &#99999999;</p>').prose,
    ).toEqual(['R&D <plan> – café A &lt; &bogus; &#99999999;'])
  })

  it('finds the agenda behind the styles of Outlook', () => {
    const styles = 'p.MsoNormal {margin:0cm; font-size:11pt}\n'.repeat(2_000)
    expect(
      texts(`<html><head><style>${styles}</style></head><body><ul><li>Roof</li><li>Heating</li></ul></body></html>`),
    ).toEqual(['Roof', 'Heating'])
  })

  it('keeps nothing of scripts, styles and comments', () => {
    expect(parseAgenda('<div>Roof<script>vote()</script><style>approve{}</style><!-- decide --></div>').prose).toEqual([
      'Roof',
    ])
  })
})
