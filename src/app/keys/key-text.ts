import { AppError } from '../app-error.ts'

/** The text of a key file with one more key, which is the newest. Comments and everything else stay as they are. */
export function withKey(text: string, line: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  return `${text}${text === '' || text.endsWith('\n') ? '' : end}${line}${end}`
}

/** The text of a key file without one key; a line that held it alone goes, comments and all other lines stay. */
export function withoutKey(text: string, id: string): string {
  return text
    .split(/(?<=\n)/)
    .flatMap(line => {
      if (line.trim().startsWith('#')) return [line]
      const end = /\r?\n$/.exec(line)?.[0] ?? ''
      const entries = line.slice(0, line.length - end.length).split(',')
      const kept = entries.filter(entry => entry.trim().split(':', 1)[0] !== id)
      if (kept.length === entries.length) return [line]
      return kept.every(entry => entry.trim() === '') ? [] : [kept.join(',') + end]
    })
    .join('')
}

/** The entry of one key as it stands in the text of a key file; empty when there is none. */
export function keyEntry(text: string, id: string): string {
  const entries = text
    .split(/\r?\n/)
    .filter(line => !line.trim().startsWith('#'))
    .flatMap(line => line.split(','))
  return entries.map(entry => entry.trim()).find(entry => entry.split(':', 1)[0] === id) ?? ''
}

/** `k4` after `k1` and `k3`: the ids of removed keys are not used again as long as a later one is there. */
export function nextKeyId(ids: Iterable<string>): string {
  let highest = 0
  for (const id of ids) highest = Math.max(highest, Number(/^k(\d{1,9})$/.exec(id)?.[1] ?? 0))
  return `k${highest + 1}`
}

/** @throws AppError when there is none, since everything in `keys` begins with them. */
export function keysWanted<T>(kept: T | null): T {
  if (kept === null) {
    throw new AppError(
      'unreadable',
      'There are no keys yet: the first one is made together with the first secret. Run `minutewise connect`.',
    )
  }
  return kept
}
