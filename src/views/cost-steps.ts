import type { AuditReport, SeriesReport } from '../domain/reports/audit-report.ts'
import { countText, hoursRangeText, minutesText, moneyRangeText, moneyText, peopleText, percentText } from './words.ts'

/** Each step of a cost with the words that lead from the one before. */
export function costSteps(report: AuditReport, series: SeriesReport): [label: string, text: string][] {
  const { cost, when, people } = series
  const { attendance, currency, weeksPerYear } = report.assumptions
  const replies = `accepted ${percentText(attendance.accepted)}, tentative ${percentText(attendance.tentative)}, no reply ${percentText(attendance.none)}, declined ${percentText(attendance.declined)}`
  const steps: [string, string][] = [
    [
      'one meeting',
      `${minutesText(when.minutes)} with ${peopleText(people)}, each counted by reply (${replies}), makes ${hoursRangeText(cost.hoursPerOccurrence)} of people’s time, or ${moneyRangeText(cost.moneyPerOccurrence, currency)} by rate table`,
    ],
    [
      'these weeks',
      `held ${countText(when.held, 'time')}, it took ${hoursRangeText(cost.hoursInWindow)} of people’s time, or ${moneyRangeText(cost.moneyInWindow, currency)}`,
    ],
    [
      'a week',
      `${hoursRangeText(cost.hoursPerWeek)} of people’s time${cost.myMinutesPerWeek === null ? '' : `, ${minutesText(cost.myMinutesPerWeek)} of it yours`}`,
    ],
    [
      'a year',
      `${countText(weeksPerYear, 'working week')} of that make ${moneyRangeText(cost.moneyPerYear, currency)} (${moneyText(cost.moneyPerYear.low, currency)} to ${moneyText(cost.moneyPerYear.high, currency)} before rounding)`,
    ],
  ]
  if (cost.focusMinutesPerWeek !== null) {
    const mine = cost.myFocusMinutesPerWeek === null ? '' : `, ${minutesText(cost.myFocusMinutesPerWeek)} of it yours`
    steps.push([
      'focus',
      `the same week without it has ${minutesText(cost.focusMinutesPerWeek)} more focus time, over the people known${mine}`,
    ])
  }
  if (cost.lowerBound)
    steps.push(['at least', 'some people or groups could not be counted, so all of these are lower bounds'])
  return steps
}
