import { isRecord } from '../json-value.ts'

/**
 * The shape of a value from outside, checked against a TypeScript type: a missing or misspelt field in a shape does
 * not compile. Fields that the shape does not name are let through, since published shapes only ever grow.
 */
export type Shape<T> = (value: unknown, path: string, problems: string[]) => value is T

export const aString: Shape<string> = plain('a text', value => typeof value === 'string')
export const aBoolean: Shape<boolean> = plain('true or false', value => typeof value === 'boolean')
export const aNumber: Shape<number> = plain('a number', value => typeof value === 'number' && Number.isFinite(value))
export const aNumberOrString: Shape<number | string> = plain(
  'a number or a text',
  value => typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)),
)

export function oneOf<T extends string>(...allowed: readonly T[]): Shape<T> {
  // Safe because the text was found among the allowed ones.
  return plain(`one of ${allowed.join(', ')}`, value => allowed.includes(value as T))
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path, problems): value is T | null => value === null || shape(value, path, problems)
}

/** For a field that older reports do not have. */
export function orAbsent<T>(shape: Shape<T>): Shape<T> {
  return (value, path, problems): value is T => value === undefined || shape(value, path, problems)
}

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, path, problems): value is readonly T[] => {
    if (!Array.isArray(value)) return refuse(value, path, 'a list', problems)
    return value.reduce((fine: boolean, item, index) => shape(item, `${path}[${index}]`, problems) && fine, true)
  }
}

export function pairOf<T>(shape: Shape<T>): Shape<readonly [T, T]> {
  return (value, path, problems): value is readonly [T, T] =>
    Array.isArray(value) && value.length === 2
      ? listOf(shape)(value, path, problems)
      : refuse(value, path, 'a list of two', problems)
}

export function recordOf<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, path, problems): value is Readonly<Record<string, T>> => {
    if (!isRecord(value)) return refuse(value, path, 'an object', problems)
    return Object.entries(value).reduce((fine, [key, item]) => shape(item, `${path}.${key}`, problems) && fine, true)
  }
}

export function objectOf<T extends object>(fields: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  return (value, path, problems): value is T => {
    if (!isRecord(value)) return refuse(value, path, 'an object', problems)
    let fine = true
    for (const key in fields) {
      const own = Object.hasOwn(value, key) ? value[key] : undefined
      if (!fields[key](own, path === '' ? key : `${path}.${key}`, problems)) fine = false
    }
    return fine
  }
}

function plain<T>(wanted: string, test: (value: unknown) => boolean): Shape<T> {
  return (value, path, problems): value is T => test(value) || refuse(value, path, wanted, problems)
}

/** Says where and what; never the value, which may be a title. */
function refuse(value: unknown, path: string, wanted: string, problems: string[]): false {
  const found = value === undefined ? 'is missing' : `is not ${wanted}`
  problems.push(`${path === '' ? 'the value' : path} ${found}`)
  return false
}
