import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { AuditReport, SeriesReport } from '../domain/reports/audit-report.ts'
import { type AuditSection, auditSections } from '../domain/worth/types.ts'
import { DataTable, SeriesChart, WeekdaysChart, WeeksChart } from './audit-charts.tsx'
import { costSteps } from './cost-steps.ts'
import { embeddedAudit } from './embedded-audit.ts'
import { pageColors, pageScript, pageScriptPin, pageStyle, pageStylePin } from './page-style.ts'
import { plainText, plainTitle } from './plain-text.ts'
import { figuresText, reasonsOnBothSides, whyUnknown } from './reasons.ts'
import {
  channelText,
  countText,
  dateText,
  formWords,
  forumWords,
  grouped,
  hoursRangeText,
  hoursText,
  invitedText,
  kindWords,
  meetingShareText,
  minutesText,
  moneyRangeText,
  moneyText,
  nothingToTryText,
  numberText,
  peopleHoursText,
  peopleText,
  percentText,
  ruleWords,
  sectionWords,
  sideWords,
  sourceNames,
  spanText,
  surenessWords,
  wallText,
  weekTitle,
  whenText,
  windowReasonText,
  windowText,
  yearMoneyText,
} from './words.ts'

/**
 * The audit as one page that needs nothing but itself: no network, readable without its script, its own JSON inside
 * (`readEmbeddedAudit` takes it out again).
 */
export function auditPage(report: AuditReport): string {
  const sources = sourceNames(report).map(name => plainText(name, 60))
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content={pageColors.paper[0]} media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content={pageColors.paper[1]} media="(prefers-color-scheme: dark)" />
        <title>{`Could we skip this? ${sources.join(', ')}, ${windowText(report.window)}`}</title>
        <style>{raw(pageStyle)}</style>
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the audit
        </a>
        <PageHeader report={report} sources={sources} />
        <main id="main" tabindex={-1}>
          <KeyFigures report={report} />
          <Changes report={report} />
          <Week report={report} />
          <Meetings report={report} />
          <EveryonesTime report={report} />
          <Unknowns report={report} />
          <Counted report={report} />
          <Assumptions report={report} />
        </main>
        <PageFooter report={report} />
        {raw(embeddedAudit(report))}
        <script>{raw(pageScript)}</script>
      </body>
    </html>
  )
  return `<!doctype html>\n${page}\n`
}

const policy = `default-src 'none'; style-src '${pageStylePin}'; script-src '${pageScriptPin}'; base-uri 'none'; form-action 'none'`

function PageHeader({ report, sources }: { report: AuditReport; sources: readonly string[] }) {
  const { window, subject } = report
  return (
    <header>
      <p class="brand">minutewise</p>
      <h1>Could we skip this?</h1>
      <p>
        <strong>
          <bdi>
            {sources.length > 3
              ? `${sources.slice(0, 3).join(', ')} and ${sources.length - 3} more`
              : sources.join(', ')}
          </bdi>
        </strong>
        {' · '}
        <time datetime={window.fromOn}>{windowText(window)}</time>
        {` · ${countText(window.weeks, 'week')} · ${window.zone}`}
      </p>
      {report.freshness ? (
        <>
          <p>
            {report.freshness.isOld ? <strong>{report.freshness.sentence}</strong> : report.freshness.sentence} This
            page loads nothing.
          </p>
          {report.freshness.notices.map(notice => (
            <p class="soft">{plainText(notice, 300)}</p>
          ))}
        </>
      ) : (
        <p>Read on your own machine. Nothing was sent anywhere, and this page loads nothing.</p>
      )}
      <p class="soft">
        {subject.me ? `The week of ${plainText(subject.me.name ?? subject.me.address, 60)}. ` : ''}
        {plainText(subject.sentence, 300)} {windowReasonText(window)}
      </p>
      {subject.sample ? (
        <p class="sample">
          <strong>A sample.</strong> These people and meetings are invented; this is not your calendar.
        </p>
      ) : null}
      <nav aria-label="On this page">
        <ul>
          {auditSections
            .map(section => ({ section, count: report.series.filter(one => one.section === section).length }))
            .filter(({ count }) => count > 0)
            .map(({ section, count }) => (
              <li>
                <a href={`#${section}`}>{`${sectionWords[section].title} (${count})`}</a>
              </li>
            ))}
          {report.unknowns.length > 0 ? (
            <li>
              <a href="#unknowns">What it cannot know</a>
            </li>
          ) : null}
          <li>
            <a href="#counted">What counted</a>
          </li>
          <li>
            <a href="#assumptions">Assumptions</a>
          </li>
        </ul>
      </nav>
    </header>
  )
}

function KeyFigures({ report }: { report: AuditReport }) {
  const { week, gain, totals, assumptions, counts } = report
  if (counts.meetings === 0) return null
  const lowerBound = report.series.some(series => series.cost.lowerBound)
  return (
    <dl class="key" aria-label="At a glance">
      {week ? (
        <KeyFigure name="In meetings, a week" value={hoursText(week.meetingHours)} note={meetingShareText(week)} />
      ) : null}
      {week ? (
        <KeyFigure
          name={`In focus blocks, ${minutesText(assumptions.focusBlockMinutes)} or more`}
          value={hoursText(week.focusHours)}
          note={`${numberText(week.focusBlocks)} blocks a week`}
        />
      ) : null}
      {gain ? (
        <KeyFigure
          name="Could come back, a week"
          value={
            gain.myMinutesPerWeek === null ? hoursText(gain.personHoursPerWeek) : minutesText(gain.myMinutesPerWeek)
          }
          note={
            gain.myMinutesPerWeek === null
              ? 'for everyone'
              : `for you; ${hoursText(gain.personHoursPerWeek)} for everyone`
          }
        />
      ) : null}
      <KeyFigure
        name="Everyone’s time, a week"
        value={`${lowerBound ? '≥ ' : ''}${hoursText(totals.hoursPerWeek.expected)}`}
        note={`${lowerBound ? 'at least ' : ''}${moneyRangeText(totals.moneyPerYear, assumptions.currency)} a year`}
      />
    </dl>
  )
}

function KeyFigure({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="big">{value}</dd>
      <dd class="soft">{note}</dd>
    </div>
  )
}

function Changes({ report: { changes } }: { report: AuditReport }) {
  if (!changes) return null
  const hours = changes.meetingHoursPerWeek
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">
        Since <time datetime={changes.previousOn}>{dateText(changes.previousOn)}</time>
      </h2>
      <ul>
        {hours ? <li>{`In meetings: ${hoursText(hours.before)} → ${hoursText(hours.after)} a week`}</li> : null}
        {changes.appeared.length > 0 ? (
          <li>
            New: <Titles titles={changes.appeared} />
          </li>
        ) : null}
        {changes.disappeared.length > 0 ? (
          <li>
            Gone: <Titles titles={changes.disappeared} />
          </li>
        ) : null}
        {changes.moved.map(move => (
          <li>
            <bdi>{plainTitle(move.title)}</bdi>
            {`: ${sectionWords[move.from].title} → ${sectionWords[move.to].title}`}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Titles({ titles }: { titles: readonly string[] }) {
  return (
    <>
      {titles.map((title, index) => (
        <>
          {index === 0 ? '' : ' · '}
          <bdi>{plainTitle(title)}</bdi>
        </>
      ))}
    </>
  )
}

function Week({ report }: { report: AuditReport }) {
  const { week, assumptions } = report
  if (!week) return null
  return (
    <section aria-labelledby="week">
      <h2 id="week">{weekTitle(report)}</h2>
      <p class="lead">
        {`On average, ${hoursText(week.outsideHours)} fall outside working hours (${plainText(assumptions.workingHours, 60)}). The longest run without a break took ${minutesText(week.longestRunMinutes)}; meetings ran back to back ${numberText(week.backToBackRunsPerWeek)} times a week. ${percentText(week.fragmentationIndex)} of your free time is in pieces too short for focused work.`}
      </p>
      <div class="charts">
        <WeeksChart week={week} focusBlockMinutes={assumptions.focusBlockMinutes} />
        <WeekdaysChart week={week} />
      </div>
    </section>
  )
}

function Meetings({ report }: { report: AuditReport }) {
  if (report.series.length === 0) {
    return (
      <section aria-labelledby="none">
        <h2 id="none">{report.counts.meetings === 0 ? 'No meetings' : 'No series'}</h2>
        <p>
          {report.counts.meetings === 0
            ? 'No entry of these weeks counted as a meeting, so there is nothing to judge. The table below says why each was left out.'
            : 'Every meeting of these weeks is a one-off. Single meetings are not judged.'}
        </p>
      </section>
    )
  }
  const nothingToTry = !report.series.some(series => series.section === 'try-without')
  const nothingJudged = report.series.every(series => series.section === 'not-enough-data')
  return (
    <div id="meetings">
      <search>
        <form id="filter" aria-label="Filter the series" hidden>
          <label>
            Words in title, time or kind
            <input id="words" type="search" autocomplete="off" />
          </label>
          <label>
            Section
            <select id="section">
              <option value="">All sections</option>
              {auditSections.map(section => (
                <option value={section}>{sectionWords[section].title}</option>
              ))}
            </select>
          </label>
          <button id="open-all" type="button" aria-pressed="false">
            Open everything
          </button>
          <span id="shown" role="status" class="soft" />
        </form>
      </search>
      {nothingToTry ? (
        <p class="note">
          {nothingJudged
            ? 'There is too little in this calendar to judge any series by. That says nothing for or against them.'
            : nothingToTryText}
        </p>
      ) : null}
      {auditSections.map(section => (
        <Section report={report} section={section} />
      ))}
    </div>
  )
}

function Section({ report, section }: { report: AuditReport; section: AuditSection }) {
  const entries = report.series.filter(series => series.section === section)
  if (entries.length === 0) return null
  return (
    <section aria-labelledby={section} class={section}>
      <h2 id={section}>
        {sectionWords[section].title} <span class="count">{grouped(entries.length)}</span>
      </h2>
      <p class="lead">{sectionWords[section].lead}</p>
      {section === 'try-without' && report.gain ? <p class="lead">{plainText(report.gain.sentence, 300)}</p> : null}
      {entries.map(series => (
        <SeriesCard report={report} series={series} />
      ))}
    </section>
  )
}

function SeriesCard({ report, series }: { report: AuditReport; series: SeriesReport }) {
  const { cost } = series
  const kind =
    series.kind === 'unclear' ? kindWords.unclear : `${kindWords[series.kind]} (${percentText(series.confidence)})`
  const facts = [
    peopleText(series.people),
    kind,
    formWords[series.form],
    series.forum && forumWords[series.forum],
    series.loadBearing && 'load-bearing',
  ]
  return (
    <article class="card" data-section={series.section} aria-labelledby={`s${series.number}`}>
      <div class="head">
        <div>
          <h3 id={`s${series.number}`}>
            <span class="no">{series.number}</span> <bdi>{plainTitle(series.title)}</bdi>
          </h3>
          <p class="soft">{whenText(series.when)}</p>
          <p class="soft">{facts.filter(Boolean).join(' · ')}</p>
        </div>
        <dl class="cost">
          {cost.myMinutesPerWeek === null ? null : (
            <Cost name="You, a week" value={minutesText(cost.myMinutesPerWeek)} />
          )}
          <Cost name="People, a week" value={peopleHoursText(series)} />
          <Cost name="A year" value={yearMoneyText(series)} />
          <Cost name="How sure" value={surenessWords[series.sureness]} />
        </dl>
      </div>
      <p class="answer">
        <strong>{plainText(series.sentence, 300)}</strong>
        {series.section === 'not-enough-data' ? ` ${plainText(whyUnknown(series), 300)}` : null}
      </p>
      {series.section === 'not-enough-data' ? null : (
        <ul class="reasons" aria-label="Reasons on both sides">
          {reasonsOnBothSides(series).map(reason => (
            <li>
              <span class={`side ${reason.side}-side`}>{sideWords[reason.side]}</span>
              <span>{plainText(reason.sentence, 300)}</span>
            </li>
          ))}
        </ul>
      )}
      {series.advice ? (
        <p class="advice">
          <b>Next step:</b> {plainText(series.advice, 300)}
        </p>
      ) : null}
      {series.section === 'try-without' || series.section === 'improve' ? <Messages series={series} /> : null}
      <details>
        <summary>Why, what it costs, and its {countText(series.occurrences.length, 'meeting')}</summary>
        <SeriesInFull report={report} series={series} />
      </details>
    </article>
  )
}

function Cost({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** Ready words: to sit one out, and to ask for a change. They name the meeting and nobody. */
function Messages({ series }: { series: SeriesReport }) {
  const title = plainTitle(series.title, 80)
  const ask =
    series.section === 'try-without'
      ? `Hello! Could we try “${title}” in writing for two weeks? Everyone adds their points to a shared document by the usual time. If something is missed, we bring the meeting back.`
      : `Hello! I find “${title}” useful and have an idea to make it lighter: ${plainText(series.advice ?? 'a shorter slot with an agenda sent the day before.', 200)} Shall we try that for a few weeks?`
  const texts: [id: string, name: string, text: string][] = [
    [`ask-${series.number}`, 'To the organizer', ask],
    [
      `decline-${series.number}`,
      'To sit one out',
      `Thank you for the invitation. I will sit out “${title}” this time and read the notes. If something needs me, call me in and I will come.`,
    ],
  ]
  return (
    <details class="print-off">
      <summary>Words you can send</summary>
      {texts.map(([id, name, text]) => (
        <>
          <h4>{name}</h4>
          <blockquote id={id}>{text}</blockquote>
          <button type="button" data-copy={id} aria-label={`Copy: ${name.toLowerCase()}, ${title}`} hidden>
            Copy
          </button>
        </>
      ))}
    </details>
  )
}

function SeriesInFull({ report, series }: { report: AuditReport; series: SeriesReport }) {
  const { zone } = report.window
  const { when, people } = series
  const former = series.formerTitles.map(title => plainTitle(title))
  return (
    <>
      <h4>Every reason, strongest first</h4>
      <DataTable
        caption={`Reasons, ${plainTitle(series.title, 60)}`}
        head={['Speaks for', 'Reason', 'Figures', 'Rule']}
        rows={series.basis.map(basis => [
          basis.side ? sideWords[basis.side] : 'its kind',
          <>
            {plainText(basis.sentence, 400)}
            {basis.quote === null ? null : <q>{plainText(basis.quote)}</q>}
          </>,
          plainText(figuresText(basis.figures), 400),
          <code>{plainText(basis.rule, 60)}</code>,
        ])}
      />
      <p class="soft">
        {`Kind scores: ${Object.entries(series.scores)
          .map(([kind, score]) => `${kind} ${percentText(score)}`)
          .join(' · ')}`}
      </p>
      {series.items.length > 0 ? (
        <>
          <h4>Agenda items</h4>
          <DataTable
            caption={`Agenda items, ${plainTitle(series.title, 60)}`}
            numbers={[3]}
            head={['Item', 'Kind', 'Owner', 'Time']}
            rows={series.items.map(item => [
              <bdi>{plainTitle(item.text, 300)}</bdi>,
              kindWords[item.kind],
              item.owner === null ? 'not named' : plainText(item.owner, 60),
              item.minutes === null ? 'not given' : minutesText(item.minutes),
            ])}
          />
        </>
      ) : null}
      <h4>What it costs, step by step</h4>
      <Steps steps={costSteps(report, series)} />
      <h4>When and who</h4>
      <Steps
        steps={[
          [
            'rhythm',
            `${whenText(when)}; held ${countText(when.held, 'time')}, not held ${countText(when.removed, 'time')}`,
          ],
          ['invited', invitedText(people)],
          ...(people.teams.length > 0
            ? [['teams', people.teams.map(team => plainText(team, 60)).join(' · ')] as const]
            : []),
          ['channels', channelText(people)],
          ...(people.myRole ? [['you', people.myRole] as const] : []),
          ...(former.length > 0 ? [['formerly', former.join(' · ')] as const] : []),
        ]}
      />
      <h4>{`Its meetings in these weeks (times in ${zone})`}</h4>
      <DataTable
        caption={`Meetings, ${plainTitle(series.title, 60)}`}
        head={['When', 'Title', 'Counted because']}
        rows={series.occurrences.map(one => [
          <time datetime={one.start}>{spanText(one.start, one.end, zone)}</time>,
          <bdi>{plainTitle(one.title)}</bdi>,
          ruleWords[one.rule],
        ])}
      />
    </>
  )
}

function Steps({ steps }: { steps: readonly (readonly [name: string, text: Child])[] }) {
  return (
    <dl class="steps">
      {steps.map(([name, text]) => (
        <div>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

function EveryonesTime({ report }: { report: AuditReport }) {
  const { totals, oneOffs, window, assumptions } = report
  if (report.counts.meetings === 0) return null
  return (
    <section aria-labelledby="time">
      <h2 id="time">Everyone’s time</h2>
      <p class="lead">
        {`${hoursRangeText(totals.hoursPerWeek)} a week, ${hoursRangeText(totals.hoursInWindow)} in these ${countText(window.weeks, 'week')}. A cost says nothing about what a meeting is worth.`}
      </p>
      <div class="charts">
        {report.series.length > 0 ? <SeriesChart report={report} /> : null}
        <figure>
          <DataTable
            caption="By section"
            numbers={[1, 2, 3]}
            head={['Section', 'Series', 'A week', 'A year']}
            rows={totals.bySection.map(one => [
              sectionWords[one.section].title,
              grouped(one.series),
              hoursText(one.hoursPerWeek),
              moneyText(one.moneyPerYear, assumptions.currency),
            ])}
          />
          <DataTable
            caption="By kind of meeting"
            numbers={[1, 2]}
            head={['Kind', 'Series', 'A week']}
            rows={totals.byKind.map(one => [kindWords[one.kind], grouped(one.series), hoursText(one.hoursPerWeek)])}
          />
          {oneOffs.count > 0 ? (
            <>
              <h3>{`${countText(oneOffs.count, 'one-off')}, not judged`}</h3>
              <p class="soft">{`${hoursRangeText(oneOffs.hoursInWindow)} of people’s time in these weeks.`}</p>
              <DataTable
                caption="The largest one-offs, by hours of people’s time"
                numbers={[2]}
                head={['Title', 'When', 'Hours']}
                rows={oneOffs.largest.map(one => [
                  <bdi>{plainTitle(one.title)}</bdi>,
                  <time datetime={one.start}>{momentText(one.start, window.zone)}</time>,
                  hoursText(one.hours),
                ])}
              />
            </>
          ) : null}
        </figure>
      </div>
    </section>
  )
}

function Unknowns({ report: { unknowns } }: { report: AuditReport }) {
  if (unknowns.length === 0) return null
  return (
    <section aria-labelledby="unknowns">
      <h2 id="unknowns">What it cannot know</h2>
      <ul>
        {unknowns.map(unknown => (
          <li>
            {plainText(unknown.sentence, 300)}
            {unknown.remedy === null ? null : <span class="soft"> {plainText(unknown.remedy, 300)}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Counted({ report }: { report: AuditReport }) {
  const { counts, sources } = report
  return (
    <section aria-labelledby="counted">
      <h2 id="counted">What counted</h2>
      <p class="lead">
        {`${countText(counts.events, 'entry', 'entries')} read, ${countText(counts.occurrences, 'occurrence')} in these weeks: ${countText(counts.meetings, 'meeting')} in ${countText(counts.series, 'series', 'series')} and ${countText(counts.oneOffs, 'one-off')}. The rows behind these numbers: `}
        <code>{plainText(counts.rows, 300)}</code>
      </p>
      <DataTable
        caption="Entries by rule"
        numbers={[2, 3]}
        head={['Rule', 'Counts?', 'Entries', 'Hours', 'Meaning']}
        rows={counts.rules.map(rule => [
          ruleWords[rule.rule],
          rule.counted ? 'yes' : 'no',
          grouped(rule.occurrences),
          hoursText(rule.hours),
          plainText(rule.sentence, 300),
        ])}
      />
      <details>
        <summary>Calendars and time zones as read</summary>
        {sources.map(source => (
          <>
            <h3>
              <bdi>{plainText(source.calendar, 80)}</bdi>
            </h3>
            <p class="soft">
              {source.name === null ? '' : `“${plainText(source.name, 80)}”: `}
              {`${countText(source.events, 'entry', 'entries')}, ${grouped(source.outsideWindow)} outside these weeks.`}
            </p>
            {source.zones.length > 0 ? (
              <DataTable
                caption={`Time zones in ${plainText(source.calendar, 60)}`}
                head={['As written', 'Read as', 'How', 'Entries']}
                rows={source.zones.map(zone => [
                  plainTitle(zone.tzid, 80),
                  plainText(zone.zone, 60),
                  plainText(zone.source, 40).replaceAll('-', ' '),
                  grouped(zone.events),
                ])}
              />
            ) : null}
          </>
        ))}
      </details>
      {sources
        .flatMap(source => source.leftOut)
        .map(left => (
          <p class="note">{plainText(left.sentence, 300)}</p>
        ))}
    </section>
  )
}

function Assumptions({ report: { assumptions } }: { report: AuditReport }) {
  const { attendance } = assumptions
  return (
    <section aria-labelledby="assumptions">
      <h2 id="assumptions">Assumptions</h2>
      <ul>
        <li>{plainText(assumptions.rateSource, 300)}</li>
        <li>
          {`Who comes, by reply: accepted ${percentText(attendance.accepted)}, tentative ${percentText(attendance.tentative)}, no reply ${percentText(attendance.none)}, declined ${percentText(attendance.declined)}.`}
        </li>
        <li>
          {`A focus block is free time of ${minutesText(assumptions.focusBlockMinutes)} or more. Working hours: ${plainText(assumptions.workingHours, 60)}. A year has ${countText(assumptions.weeksPerYear, 'working week')}.`}
        </li>
      </ul>
      <div class="short">
        <DataTable
          caption="Rates by role band"
          numbers={[1]}
          head={['Role band', 'An hour']}
          rows={assumptions.rates.map(rate => [
            plainText(rate.band, 60),
            moneyText(rate.perHour, assumptions.currency),
          ])}
        />
      </div>
    </section>
  )
}

function PageFooter({ report }: { report: AuditReport }) {
  const { zone } = report.window
  return (
    <footer>
      <p class="soft">
        Made on <time datetime={report.generatedAt}>{momentText(report.generatedAt, zone)}</time> ({zone}). Verdicts are
        about meetings, never about people. This file holds its own data: <code>minutewise audit --from-json FILE</code>{' '}
        opens it again.
      </p>
    </footer>
  )
}

function momentText(at: string, zone: string): string {
  const wall = wallText(at, zone)
  return wall.time === '' ? wall.day : `${wall.day}, ${wall.time}`
}
