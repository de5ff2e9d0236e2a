import type { TextFiles } from '../connectors/text-files.ts'
import { AppError } from './app-error.ts'

export interface SampleCompany {
  readonly calendars: readonly string[]
  readonly people: string
  readonly me: string
  readonly now: number
}

/** The sample company: where its files are and when its "now" is, so that its audit is the same every day. */
export async function readSample(deps: { readonly files: TextFiles }, folder: string): Promise<SampleCompany> {
  const path = `${folder}company.json`
  const found: unknown = JSON.parse(await deps.files.read(path))
  if (typeof found !== 'object' || found === null || !('calendars' in found) || !Array.isArray(found.calendars)) {
    throw new AppError('unreadable', `${path} does not describe a sample company. Install the package again.`)
  }
  const text = (key: string): string => {
    const value: unknown = Object.entries(found).find(([name]) => name === key)?.[1]
    if (typeof value !== 'string')
      throw new AppError('unreadable', `${path} has no "${key}". Install the package again.`)
    return value
  }
  return {
    calendars: found.calendars.map(name => folder + String(name)),
    people: folder + text('people'),
    me: text('me'),
    now: Date.parse(text('now')),
  }
}
