import type { MeetingPlan } from './plan.ts'

/**
 * The forums: where teams hear each other's plans. The architecture review is the unloved one; it is also the only
 * live place where Payments meets Mobile, and where Data meets Payments, Mobile and Web.
 */
export const forums: readonly MeetingPlan[] = [
  {
    key: 'architecture-review',
    title: 'Architecture review',
    by: 'tomas',
    with: ['tomas', 'bilal', 'nuria', 'tobias', 'marcus', 'samir', 'meenakshi', 'wren'],
    replies: { samir: 'tentative' },
    rooms: ['oboe'],
    zone: 'Europe/Madrid',
    starts: '2026-01-15 15:00',
    minutes: 90,
    rule: 'FREQ=WEEKLY;BYDAY=TH',
    agenda: 'Weekly slot. Add your topic in the doc.',
    online: true,
    excluded: ['2026-07-30', '2026-10-08'],
    cancelled: ['2026-06-25', '2026-08-27'],
    changes: [
      {
        on: '2026-06-04',
        agenda:
          '1. Payments: raise the retry interval for failed charges from 20 s to 4 min (Tobias, 20 min)\n2. Mobile: what the app shows while a charge is pending (Marcus, 15 min)\n3. Questions',
      },
      {
        on: '2026-06-18',
        agenda:
          '<b>Topics</b><ul><li>Image cache: listings keep their thumbnails for 6 h instead of 5 min? (Wren)</li><li>What the recommendation tables assume about freshness (Meenakshi)</li></ul>',
      },
      {
        on: '2026-07-09',
        agenda:
          '- Platform moves the nightly backup to 01:00 UTC (Bilal)\n- Data: the partition migration runs in the same window?\n- anything that breaks if the primary is read-only for 20 min',
      },
      {
        on: '2026-07-23',
        agenda: 'Session tokens: shorten lifetime to 15 min. Who refreshes, who breaks? Marcus + Tobias',
      },
      {
        on: '2026-08-20',
        agenda:
          'Gateway limit goes from 200 to 500 requests/s for the autumn campaign. Downstream owners please come with numbers.',
      },
      { on: '2026-09-03', minutes: 60, agenda: '' },
      {
        on: '2026-09-17',
        agenda: '',
        replies: { meenakshi: 'declined', wren: 'declined', marcus: 'declined', samir: 'declined', bilal: 'declined' },
      },
      {
        on: '2026-09-24',
        agenda:
          '1) Payments: `payouts.fee_cents` becomes `payouts.fee_minor` (Núria, 20 min)\n2) Data: validation of `payouts.fee_cents` in the nightly load (Meenakshi, 20 min)\n3) Dependencies (10 min)\n4) Next steps (10 min)',
      },
      {
        on: '2026-10-01',
        agenda: 'Two address validators, one in Web and one in Mobile: keep which? (Wren, Marcus, 30 min)\nAOB',
      },
      {
        on: '2026-10-22',
        agenda:
          '<p>Follow-up to INC-9: what else reads the listings feed directly?</p><p>Meenakshi brings the list of consumers, 25 min. Decide who gets a versioned feed, 20 min.</p>',
      },
      {
        on: '2026-11-05',
        agenda:
          'Push payload v3: Mobile wants seller names in notifications; do privacy rules allow it? (Samir 15 min, Núria 15 min)',
      },
    ],
  },
  {
    key: 'release-planning',
    title: 'Release planning: web and apps',
    by: 'claire',
    with: ['claire', 'gideon', 'emeka', 'greta', 'joanna', 'devika', 'yara'],
    rooms: ['cello'],
    zone: 'America/New_York',
    starts: '2026-02-02 10:00',
    minutes: 45,
    rule: 'FREQ=WEEKLY;BYDAY=MO',
    agenda:
      '<ol><li>What ships this week (10 min)</li><li>Who waits for whom: dependencies (20 min)</li><li>Risky steps and windows (10 min)</li><li>Go / no-go per train (5 min, Claire)</li></ol>',
    online: true,
    excluded: ['2026-05-25', '2026-09-07'],
    changes: [
      {
        on: '2026-10-26',
        agenda:
          '1. Release 6.3: the app needs gateway 2.14 first\n2. Clock change in Europe last night: are the nightly jobs fine?\n3. Freeze dates for December: choose 14 or 18 Dec',
      },
      {
        on: '2026-11-16',
        agenda:
          '1. Release 6.4 order: gateway 2.15 before the web checkout, web before the apps\n2. Feature flag `checkout_rebuild` at 10 %: go / no-go\n3. Push payload v3 waits for legal, move to 6.5?',
      },
    ],
  },
  {
    key: 'design-discussion',
    title: 'Design discussion: checkout rebuild',
    by: 'wren',
    with: ['wren', 'ilse', 'tobias', 'nuria', 'tomas', 'yara'],
    zone: 'Europe/Madrid',
    starts: '2026-04-08 16:00',
    minutes: 60,
    rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=WE',
    agenda:
      'One open question of the checkout design per session, read the doc before.\nHow does it fail? How do we roll back? What have we not load-tested?',
    online: true,
    excluded: ['2026-08-12'],
    changes: [
      {
        on: '2026-07-15',
        agenda:
          'Where does the basket live while a payment is pending: browser, gateway or ledger? Three options in the doc, pick one today.',
      },
      {
        on: '2026-09-23',
        agenda:
          'Idempotency keys: who creates them, how long are they kept?\nConcern from Tobias: retries without a key double-charge.',
      },
      // The one of 21 October moved past the European clock change and before the American one.
      {
        on: '2026-10-21',
        to: '2026-10-27 16:00',
        agenda: 'Rollback plan for the checkout rebuild. Ilse presents, 15 min, then questions.',
      },
      {
        on: '2026-11-18',
        agenda:
          'Backpressure: what does the page do when `/v2/charges` answers 429? Options: queue, block, degrade. Decide.',
      },
    ],
  },
  {
    key: 'storage-planning',
    title: 'Warehouse and storage planning',
    by: 'bilal',
    with: ['bilal', 'devika', 'nikhil', 'meenakshi'],
    zone: 'Asia/Kolkata',
    starts: '2026-03-03 11:30',
    minutes: 45,
    rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
    agenda: 'Capacity for the next quarter, order of migrations, who needs downtime.',
  },
]
