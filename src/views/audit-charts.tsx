import type { Child } from 'hono/jsx'
import type { AuditReport, WeekSummary } from '../domain/reports/audit-report.ts'
import { cutTo } from './columns.ts'
import { plainTitle } from './plain-text.ts'
import {
  countText,
  dateText,
  hoursRangeText,
  hoursText,
  minutesText,
  numberText,
  peopleHoursText,
  sectionWords,
  shortDateText,
} from './words.ts'

const plot = { width: 400, height: 210, left: 30, right: 8, top: 22, bottom: 24 }
const plotHeight = plot.height - plot.top - plot.bottom
const plotWidth = plot.width - plot.left - plot.right

/** Meetings, focus blocks and fragments, stacked week by week, with the table behind the picture. */
export function WeeksChart({ week, focusBlockMinutes }: { week: WeekSummary; focusBlockMinutes: number }) {
  const block = minutesText(focusBlockMinutes)
  const top = axisTop(Math.max(1, ...week.perWeek.map(one => one.meetingHours + one.focusHours + one.fragmentHours)))
  const step = plotWidth / week.perWeek.length
  const barWidth = Math.min(46, step * 0.62)
  const labelEvery = Math.ceil(week.perWeek.length / 6)
  return (
    <Figure
      id="chart-weeks"
      title="Week by week"
      lead={`Hours a week in meetings, in focus blocks (${block} or more) and in fragments (less than ${block}).`}
      summary={`A bar for each of ${countText(week.perWeek.length, 'week')}. On average ${hoursText(week.meetingHours)} in meetings, ${hoursText(week.focusHours)} in focus blocks and ${hoursText(week.fragmentHours)} in fragments.`}
      height={plot.height}
      table={
        <DataTable
          caption="Hours in each week"
          numbers={[1, 2, 3]}
          head={['Week of', 'Meetings', 'Focus blocks', 'Fragments']}
          rows={week.perWeek.map(one => [
            <time datetime={one.weekOn}>{dateText(one.weekOn)}</time>,
            hoursText(one.meetingHours),
            hoursText(one.focusHours),
            hoursText(one.fragmentHours),
          ])}
        />
      }
    >
      <defs>
        <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path class="hatch" d="M0 0V5" />
        </pattern>
      </defs>
      <Legend names={['Meetings', 'Focus blocks', 'Fragments']} />
      <HourAxis top={top} />
      {week.perWeek.map((one, index) => {
        const x = plot.left + step * index + (step - barWidth) / 2
        const meeting = heightOf(one.meetingHours, top)
        const focus = heightOf(one.focusHours, top)
        const fragment = heightOf(one.fragmentHours, top)
        const base = plot.top + plotHeight
        return (
          <g>
            <rect class="m" {...box(x, base - meeting, barWidth, meeting)} />
            <rect class="f" {...box(x, base - meeting - focus, barWidth, focus - 1.5)} />
            <rect
              class="r"
              fill="url(#hatch)"
              {...box(x + 0.6, base - meeting - focus - fragment, barWidth - 1.2, fragment - 2)}
            />
            {index % labelEvery === 0 ? (
              <text x={round(x + barWidth / 2)} y={plot.height - 8} text-anchor="middle">
                {shortDateText(one.weekOn)}
              </text>
            ) : null}
          </g>
        )
      })}
    </Figure>
  )
}

/** Meetings and focus blocks side by side for each weekday. */
export function WeekdaysChart({ week }: { week: WeekSummary }) {
  const top = axisTop(Math.max(1, ...week.byWeekday.flatMap(day => [day.meetingHours, day.focusHours])))
  const step = plotWidth / week.byWeekday.length
  const barWidth = Math.min(22, step * 0.34)
  return (
    <Figure
      id="chart-weekdays"
      title="The pattern of your days"
      lead="Average hours in meetings and in focus blocks on each weekday."
      summary={week.byWeekday
        .map(
          day =>
            `${day.weekday}: ${hoursText(day.meetingHours)} in meetings, ${hoursText(day.focusHours)} in focus blocks`,
        )
        .join('. ')}
      height={plot.height}
      table={
        <DataTable
          caption="Average hours on each weekday"
          numbers={[1, 2]}
          head={['Weekday', 'Meetings', 'Focus blocks']}
          rows={week.byWeekday.map(day => [day.weekday, hoursText(day.meetingHours), hoursText(day.focusHours)])}
        />
      }
    >
      <Legend names={['Meetings', 'Focus blocks']} />
      <HourAxis top={top} />
      {week.byWeekday.map((day, index) => {
        const middle = plot.left + step * (index + 0.5)
        const base = plot.top + plotHeight
        const meeting = heightOf(day.meetingHours, top)
        const focus = heightOf(day.focusHours, top)
        return (
          <g>
            <rect class="m" {...box(middle - barWidth - 1, base - meeting, barWidth, meeting)} />
            <rect class="f" {...box(middle + 1, base - focus, barWidth, focus)} />
            <text x={round(middle)} y={plot.height - 8} text-anchor="middle">
              {day.weekday}
            </text>
          </g>
        )
      })}
    </Figure>
  )
}

const listedSeries = 15

/** People's time a week by series, largest first, with the low–high range as a line over each bar. */
export function SeriesChart({ report }: { report: AuditReport }) {
  const ordered = report.series.toSorted((a, b) => b.cost.hoursPerWeek.expected - a.cost.hoursPerWeek.expected)
  const shown = ordered.slice(0, listedSeries)
  const most = Math.max(0.1, ...shown.map(one => one.cost.hoursPerWeek.high))
  const rowHeight = 34
  const barRoom = plot.width - 20
  const x = (hours: number) => round((hours / most) * barRoom)
  const largest = ordered[0]
  return (
    <Figure
      id="chart-series"
      title="Where everyone’s time goes"
      lead={`Hours of people’s time a week in each series${ordered.length > shown.length ? `; the ${listedSeries} largest of ${ordered.length}, the rest in the table` : ''}. The thin line runs from the low to the high estimate.`}
      summary={`A bar for each of ${countText(shown.length, 'series', 'series')}, largest first.${largest ? ` The largest is ${plainTitle(largest.title, 80)} with ${hoursText(largest.cost.hoursPerWeek.expected)} a week.` : ''}`}
      height={shown.length * rowHeight + 4}
      table={
        <DataTable
          caption="Hours of people’s time a week by series"
          head={['Series', 'Section', 'A week (low – high)']}
          rows={ordered.map(one => [
            <bdi>{plainTitle(one.title)}</bdi>,
            sectionWords[one.section].title,
            `${one.cost.lowerBound ? 'at least ' : ''}${hoursRangeText(one.cost.hoursPerWeek)}`,
          ])}
        />
      }
    >
      {shown.map((one, index) => {
        const y = index * rowHeight
        const { low, expected, high } = one.cost.hoursPerWeek
        return (
          <g>
            <text class="name" x="0" y={y + 12}>
              {`${one.number}  ${cutTo(plainTitle(one.title), 38)}`}
            </text>
            <text x={plot.width} y={y + 12} text-anchor="end">
              {peopleHoursText(one)}
            </text>
            <rect class="m" x="0" y={y + 17} width={x(expected)} height="8" rx="2" />
            {x(high) > x(low) ? (
              <path
                class="span"
                d={`M${x(low)} ${y + 29}H${x(high)}M${x(low)} ${y + 26.5}v5M${x(high)} ${y + 26.5}v5`}
              />
            ) : null}
          </g>
        )
      })}
    </Figure>
  )
}

interface FigureProps {
  readonly id: string
  readonly title: string
  readonly lead: string
  /** Read to people who do not see the picture. */
  readonly summary: string
  readonly height: number
  readonly table: Child
  readonly children?: Child
}

function Figure({ id, title, lead, summary, height, table, children }: FigureProps) {
  return (
    <figure>
      <figcaption>
        <b>{title}</b>
        {lead}
      </figcaption>
      <svg
        viewBox={`0 0 ${plot.width} ${height}`}
        role="img"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-about`}
      >
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-about`}>{summary}</desc>
        {children}
      </svg>
      <details>
        <summary>
          Table: {title.charAt(0).toLowerCase()}
          {title.slice(1)}
        </summary>
        {table}
      </details>
    </figure>
  )
}

function Legend({ names }: { names: readonly string[] }) {
  const classes = ['m', 'f', 'r']
  return (
    <g>
      {names.map((name, index) => (
        <g>
          <rect
            class={classes[index]}
            fill={index === 2 ? 'url(#hatch)' : undefined}
            {...box(plot.left + index * 104 + 0.6, 2.6, 10, 10)}
          />
          <text x={plot.left + index * 104 + 16} y="12">
            {name}
          </text>
        </g>
      ))}
    </g>
  )
}

function HourAxis({ top }: { top: number }) {
  const steps = [0, 0.25, 0.5, 0.75, 1]
  return (
    <g>
      {steps.map(share => {
        const y = round(plot.top + plotHeight * (1 - share))
        return (
          <g>
            <path class={share === 0 ? 'axis' : 'grid'} d={`M${plot.left} ${y}H${plot.width - plot.right}`} />
            <text x={plot.left - 5} y={y + 4} text-anchor="end">
              {share === 1 ? `${numberText(top)} h` : numberText(top * share)}
            </text>
          </g>
        )
      })}
    </g>
  )
}

/** A table that scrolls by itself where it does not fit; the first column names its row. */
export function DataTable({
  caption,
  head,
  rows,
  numbers = [],
}: {
  caption: string
  head: readonly string[]
  rows: readonly (readonly Child[])[]
  /** Columns of numbers, from 0: right-aligned and never broken. */
  numbers?: readonly number[]
}) {
  const cellClass = (index: number) => (numbers.includes(index) ? 'n' : undefined)
  return (
    <section class="scroll" tabindex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((name, index) => (
              <th scope="col" class={cellClass(index)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr>
              {row.map((cell, index) =>
                index === 0 ? <th scope="row">{cell}</th> : <td class={cellClass(index)}>{cell}</td>,
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function heightOf(hours: number, top: number): number {
  return (hours / top) * plotHeight
}

/** The next round number of hours that divides well by four. */
function axisTop(hours: number): number {
  const steps = [1, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 60, 80, 100, 120, 168]
  return steps.find(step => step >= hours) ?? 168
}

function box(x: number, y: number, width: number, height: number) {
  return { x: round(x), y: round(y), width: round(Math.max(0, width)), height: round(Math.max(0, height)) }
}

/** A tenth of a unit is finer than any screen shows. */
function round(value: number): number {
  return Math.round(value * 10) / 10
}
