import type { Instant } from '../../../src/domain/time/types.ts'
import { parseBound } from './event-time.ts'
import { badRequest, GoogleError, invalid } from './google-error.ts'

export type ParameterKind = 'text' | 'texts' | 'boolean' | 'integer' | 'instant' | readonly string[]
export type Parameters = Readonly<Record<string, ParameterKind>>

/** A query that was held against the parameters of its method: unknown ones, doubled ones, wrong values are refused. */
export class Query {
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(search: URLSearchParams, known: Parameters) {
    const values = new Map<string, string[]>()
    for (const [name, value] of search) values.set(name, [...(values.get(name) ?? []), value])
    for (const [name, given] of values) {
      const kind = known[name] ?? systemParameters[name]
      if (kind === undefined) {
        throw new GoogleError(
          400,
          'invalidParameter',
          `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter.`,
          {
            where: { location: name, locationType: 'parameter' },
          },
        )
      }
      if (kind !== 'texts' && given.length > 1) throw invalid(name, `The parameter ${name} was given more than once.`)
      for (const value of given) checkValue(name, kind, value)
    }
    this.#values = values
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  text(name: string): string | null {
    return this.#values.get(name)?.[0] ?? null
  }

  texts(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  flag(name: string): boolean {
    return this.text(name) === 'true'
  }

  instant(name: string): Instant | null {
    const text = this.text(name)
    return text === null ? null : parseBound(text, name)
  }

  integer(name: string, bounds: { readonly least: number; readonly most: number; readonly otherwise: number }): number {
    const text = this.text(name)
    if (text === null) return bounds.otherwise
    const value = Number(text)
    if (value < bounds.least) {
      throw invalid(name, `Invalid value '${text}'. Values must be within the range: [${bounds.least}, ${bounds.most}]`)
    }
    return Math.min(value, bounds.most)
  }

  /** All but the named parameters and the system's own, in an order that does not depend on the caller's. */
  without(...names: readonly string[]): string {
    return [...this.#values]
      .filter(([name]) => !names.includes(name) && !(name in systemParameters))
      .map(([name, values]) => `${name}=${[...values].sort().join(',')}`)
      .sort()
      .join('&')
  }
}

/** Parameters every method takes; they do not count among "all other parameters" of a sync token. */
const systemParameters: Parameters = {
  alt: ['json'],
  fields: 'text',
  key: 'text',
  prettyPrint: 'boolean',
  quotaUser: 'text',
  userIp: 'text',
  $alt: 'text',
}

function checkValue(name: string, kind: ParameterKind, value: string): void {
  if (kind === 'boolean' && value !== 'true' && value !== 'false')
    throw invalid(name, `Invalid boolean value: '${value}'.`)
  if (kind === 'integer' && !/^-?\d{1,9}$/.test(value)) throw invalid(name, `Invalid integer value: '${value}'.`)
  if (kind === 'instant') parseBound(value, name)
  if (kind === 'text' && value === '') throw badRequest()
  if (typeof kind !== 'string' && !kind.includes(value)) {
    throw invalid(name, `Invalid string value: '${value}'. Allowed values: [${kind.join(', ')}]`)
  }
}
