import { createHash } from 'node:crypto'
import type { PlainDate } from '../../../src/domain/time/types.ts'
import type { StoredEvent } from './stored-event.ts'

/**
 * Ids as Exchange makes them: another format with and without `IdType="ImmutableId"`, the occurrence's id longer than
 * its master's. Ids of neighbours differ by case alone, so that whoever folds case mixes them up.
 */
export function itemId(event: Pick<StoredEvent, 'serial'>, on: PlainDate | null, isImmutable: boolean): string {
  const stem = digest(`item ${Math.floor(event.serial / 2)}`)
  const tail = event.serial % 2 === 0 ? 'Kq' : 'kQ'
  const date = on === null ? '' : `FRAA${on.replaceAll('-', '').replace(/\d/g, digit => dateLetters[Number(digit)]!)}`
  return isImmutable ? `AAkALgAAAAAAHYQDEap${stem}${tail}AC${date}AA==` : `AAMkAD${stem}AAABGAAAAAA${tail}${date}AAA=`
}

/** The date that an occurrence's id carries, and the id of its master. */
export function readItemId(id: string): { readonly stem: string; readonly on: PlainDate | null } {
  const [, stem, letters = '', end] = /^(.+)FRAA([AgQwDsEjFz]{8})(AA==|AAA=)$/.exec(id) ?? []
  if (stem === undefined || end === undefined) return { stem: id, on: null }
  const digits = [...letters].map(letter => dateLetters.indexOf(letter)).join('')
  return { stem: `${stem}${end}`, on: `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}` }
}

/**
 * `iCalUId`: sixteen fixed bytes, the instance date (year, month, day; zero for a whole series), a time, eight zeros
 * and sixteen bytes of data. MS-OXOCAL 2.2.1.27, PidLidGlobalObjectId. Foreign uids stay as they are.
 */
export function iCalUId(uid: string, on: PlainDate | null): string {
  if (on === null || !/^[0-9A-F]{112}$/.test(uid)) return uid
  const [year = 0, month = 0, day = 0] = on.split('-').map(Number)
  return `${uid.slice(0, 32)}${hex(year, 4)}${hex(month, 2)}${hex(day, 2)}${uid.slice(40)}`
}

/** The global object id of a meeting; one seed, one meeting, on whatever calendars it is. */
export function globalObjectId(seed: string): string {
  const data = createHash('sha256').update(seed).digest('hex').toUpperCase()
  return `040000008200E00074C5B7101A82E00800000000${data.slice(0, 16)}000000000000000010000000${data.slice(16, 48)}`
}

/** Stand for 0 to 9. */
const dateLetters = 'AgQwDsEjFz'

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0')

export const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 32)
