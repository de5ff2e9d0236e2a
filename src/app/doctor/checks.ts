import { agePhrase } from '../../domain/reports/freshness.ts'
import { dayMs, type Instant, minuteMs } from '../../domain/time/types.ts'
import { accountLines } from './account-checks.ts'
import type {
  ChannelFacts,
  ConfigFacts,
  DatabaseFacts,
  DoctorFacts,
  EngineFacts,
  Found,
  KeyFacts,
  MachineFacts,
} from './facts.ts'
import { knownVersionsAsOf, nodeLines, recommendedNode, runsOn, zoneDataFloor } from './known-good.ts'
import { type DoctorLine, type DoctorState, line } from './line.ts'
import { knownVariables } from './variables.ts'

/** Every line, in the order they are shown. One check that fails by a mistake of ours is a line like the others. */
export function doctorLines(facts: DoctorFacts): readonly DoctorLine[] {
  const { now, offline, clockAheadMs } = facts
  const checks: readonly (readonly [id: string, name: string, check: () => readonly DoctorLine[]])[] = [
    ['node', 'Node', () => whenFound('node', 'Node', facts.machine, found => [nodeLine(found, now)])],
    ['zones', 'Time-zone data', () => whenFound('zones', 'Time-zone data', facts.machine, found => [zoneLine(found)])],
    ['sqlite', 'SQLite', () => whenFound('sqlite', 'SQLite', facts.engine, found => [engineLine(found)])],
    ['database', 'Database', () => whenFound('database', 'Database', facts.database, databaseLines)],
    ['config', 'Configuration', () => whenFound('config', 'Configuration', facts.config, configLines)],
    ['keys', 'Keys', () => whenFound('keys', 'Keys', facts.keys, keyLines)],
    [
      'accounts',
      'Accounts',
      () => whenFound('accounts', 'Accounts', facts.accounts, found => accountLines(found, { now, offline })),
    ],
    ['push', 'Push', () => whenFound('push', 'Push', facts.channels, found => [pushLine(found, now)])],
    ['clock', 'Clock', () => (clockAheadMs === null ? [] : [clockLine(clockAheadMs)])],
  ]
  return checks.flatMap(([id, name, check]) => {
    try {
      return check()
    } catch {
      // without the error's own words: they may repeat what was being looked at
      return [
        line(id, 'problem', name, 'this check failed by a mistake of ours', 'Tell the people who make Minutewise.'),
      ]
    }
  })
}

/** What could not be found out is a problem; what nobody looked for is no line. */
function whenFound<T>(
  id: string,
  name: string,
  found: Found<T> | null,
  check: (facts: T) => readonly DoctorLine[],
): readonly DoctorLine[] {
  if (found === null) return []
  if (found.kind === 'found') return check(found.facts)
  return [line(id, 'problem', name, found.sentence, null)]
}

export function nodeLine({ node }: MachineFacts, now: Instant): DoctorLine {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const name = `Node ${node}`
  const update = `Install Node ${recommendedNode} (nodejs.org).`
  if (!runsOn({ major, minor })) return line('node', 'problem', name, 'Minutewise needs 20.19, 22.14 or newer', update)
  const known = nodeLines.find(each => each.major === major)
  if (known === undefined) {
    return line('node', 'ok', name, `newer than what was known in ${knownVersionsAsOf}`, null)
  }
  if (now >= known.endsAt) {
    const since = `end of life since ${monthOf(known.endsAt)}`
    return line('node', 'warning', name, `${since}; ${recommendedNode} recommended`, update)
  }
  if (known.endsAt - now < 90 * dayMs) {
    return line('node', 'warning', name, `end of life in ${agePhrase(known.endsAt - now)}`, update)
  }
  return line('node', 'ok', name, `fixes until ${monthOf(known.endsAt)}`, null)
}

export function zoneLine({ zoneData }: MachineFacts): DoctorLine {
  const update = `Install the newest Node ${recommendedNode}: the data comes with it.`
  if (zoneData === null) {
    return line('zones', 'warning', 'Time-zone data', 'this Node does not say which it has', update)
  }
  const name = `Time-zone data ${zoneData}`
  if (zoneData >= zoneDataFloor) return line('zones', 'ok', name, `${zoneDataFloor} or newer`, null)
  const says = `older than ${zoneDataFloor}: zones that changed their rules since may be an hour off`
  return line('zones', 'warning', name, says, update)
}

export function engineLine(found: EngineFacts): DoctorLine {
  const adapter = `better-sqlite3${found.package === null ? '' : ` ${found.package}`}`
  return line('sqlite', 'ok', `SQLite ${found.sqlite}`, `${adapter} fits this Node`, null)
}

export function databaseLines({ path, inspection, known, room }: DatabaseFacts): readonly DoctorLine[] {
  const says = (...parts: readonly string[]) => [path, ...parts].join(' · ')
  const of = (state: DoctorState, text: string, help: string | null) => line('database', state, 'Database', text, help)
  if (inspection === null) {
    return [
      of('unset', says('not there yet'), 'Run `minutewise connect`, or name another file with --db.'),
      ...roomLines(room, 0),
    ]
  }
  const { bytes, isWritable, journalMode, damage, applied, tables } = inspection
  if (applied === null && tables > 0) {
    return [of('problem', says('the database of another program'), 'Name another file with --db or MINUTEWISE_DB.')]
  }
  const missing = known.filter(name => !(applied ?? []).includes(name))
  const newer = (applied ?? []).filter(name => !known.includes(name))
  const about = says(
    bytesPhrase(bytes),
    `migrations ${known.length - missing.length}/${known.length}`,
    isWritable ? 'writable' : 'NOT writable',
    journalMode === 'wal' ? 'WAL' : `journal ${journalMode}`,
    damage.length === 0 ? 'whole' : 'DAMAGED',
  )
  const verdict = (): readonly [DoctorState, string | null] => {
    if (damage.length > 0) {
      return ['problem', 'Move it away and restore a backup, or connect and sync into a new one.']
    }
    if (newer.length > 0) return ['problem', 'A newer Minutewise made it. Update Minutewise, or name another file.']
    if (!isWritable) return ['problem', 'Let your user write the file and its folder, or name another file.']
    if (missing.length > 0)
      return ['warning', 'Any other command, such as `minutewise accounts`, brings it up to date.']
    if (journalMode !== 'wal') return ['warning', 'Put it on a local disk: WAL does not work on network disks.']
    return ['ok', null]
  }
  const [state, help] = verdict()
  return [of(state, about, help), ...roomLines(room, bytes)]
}

/** VACUUM, which erasing runs, takes the database's size again. */
function roomLines(room: number | null, bytes: number): readonly DoctorLine[] {
  if (room === null) return []
  const says = `${bytesPhrase(room)} left for the database`
  const help = 'Make room on its disk, or move the database.'
  if (room < leastRoom) return [line('room', 'problem', 'Disk', says, help)]
  if (room < comfortableRoom || room < 2 * bytes) return [line('room', 'warning', 'Disk', says, help)]
  return [line('room', 'ok', 'Disk', says, null)]
}

const leastRoom = 50 * 1024 ** 2
const comfortableRoom = 500 * 1024 ** 2

export function configLines({ variables, problems }: ConfigFacts): readonly DoctorLine[] {
  const names: readonly string[] = knownVariables
  const unknown = variables.filter(name => !names.includes(name))
  const set = variables.filter(name => names.includes(name))
  const says =
    set.length === 0
      ? 'nothing set, everything as usual'
      : `${set.length === 1 ? 'a variable' : `${set.length} variables`} (values not shown): ${set.join(', ')}`
  return [
    problems.length > 0
      ? line('config', 'problem', 'Configuration', problems.join('. '), 'Change or unset what is named, and try again.')
      : line('config', 'ok', 'Configuration', says, null),
    ...(unknown.length === 0
      ? []
      : [
          line(
            'config-unknown',
            'warning',
            'Configuration',
            `nothing reads ${unknown.join(', ')}`,
            'Look at the spelling; the README lists every variable.',
          ),
        ]),
  ]
}

export function keyLines({ source, mode, keys, missing, shut, draft }: KeyFacts): readonly DoctorLine[] {
  const of = (id: string, state: DoctorState, says: string, help: string | null) => line(id, state, 'Keys', says, help)
  const place = source.kind === 'file' ? source.path : source.kind === 'environment' ? 'MINUTEWISE_KEYS' : 'memory'
  const lines: DoctorLine[] = []
  if (missing.length > 0) {
    const sealed = missing.reduce((sum, { credentials }) => sum + credentials, 0)
    const says = `${place} · without ${missing.map(({ id }) => `"${id}"`).join(', ')}, which ${sealed === 1 ? 'a secret needs' : `${sealed} secrets need`}`
    lines.push(of('keys', 'problem', says, 'Put the key back, or connect these accounts again.'))
  } else if (keys.length === 0) {
    lines.push(of('keys', 'unset', `${place} · not there yet`, 'The first key is made together with the first secret.'))
  } else {
    const sealed = keys.reduce((sum, { credentials }) => sum + credentials, 0)
    const says = [
      place,
      keys.length === 1 ? '1 key' : `${keys.length} keys`,
      ...(mode === null ? [] : [`mode ${mode.toString(8).padStart(4, '0')}`]),
      shut.length === 0
        ? sealed === 1
          ? '1 secret opens'
          : `all ${sealed} secrets open`
        : shut.length === 1
          ? '1 secret does not open'
          : `${shut.length} secrets do not open`,
    ].join(' · ')
    const isOpen = mode !== null && (mode & 0o077) !== 0
    const isOld = keys.some(({ isNewest, credentials }) => !isNewest && credentials > 0)
    const isUnused = keys.some(({ isNewest, credentials }) => !isNewest && credentials === 0)
    if (isOpen)
      lines.push(
        of('keys', 'problem', says, `Others may read it: run \`chmod 600\` on it, then \`minutewise keys rotate\`.`),
      )
    else if (isOld) lines.push(of('keys', 'warning', says, 'An old key is still in use: run `minutewise keys rewrap`.'))
    else if (isUnused)
      lines.push(of('keys', 'warning', says, 'An old key is not needed any more: see `minutewise keys status`.'))
    else lines.push(of('keys', 'ok', says, null))
  }
  for (const { label, sentence } of shut) {
    lines.push(of('keys-shut', 'problem', `${label ?? 'no account'}: ${sentence}`, null))
  }
  if (draft !== null) {
    const says = `${draft} was left by a change of the keys that did not end`
    lines.push(
      of('keys-draft', 'warning', says, 'When no other Minutewise runs, delete it: the keys themselves are whole.'),
    )
  }
  return lines
}

export function pushLine(channels: readonly ChannelFacts[], now: Instant): DoctorLine {
  const of = (state: DoctorState, says: string, help: string | null) => line('push', state, 'Push', says, help)
  const isOpen = ({ status }: ChannelFacts) => status === 'open'
  const open = channels.filter(each => isOpen(each) && each.expiresAt > now)
  const expired = channels.filter(each => isOpen(each) && each.expiresAt <= now)
  const refused = channels.filter(({ status }) => status === 'refused').length
  if (open.length + expired.length + refused === 0) {
    return of('unset', 'nothing notifies us; calendars are looked at every 15 minutes or so', null)
  }
  const says = [
    `${open.length === 1 ? '1 channel' : `${open.length} channels`} open`,
    ...(open.length === 0 ? [] : [`the next ends in ${agePhrase(Math.min(...open.map(one => one.expiresAt)) - now)}`]),
    ...(expired.length === 0 ? [] : [`${expired.length} ended`]),
    ...(refused === 0 ? [] : [`${refused} refused`]),
    ...new Set(open.map(({ host }) => `to ${host}`)),
  ].join(' · ')
  const isServing = 'is `minutewise sync --watch --listen` running? Looking every 15 minutes goes on.'
  if (expired.length > 0) return of('warning', says, `Nothing prolongs them: ${isServing}`)
  if (open.some(({ expiresAt }) => expiresAt - now < endsSoonMs)) {
    return of('warning', says, `They should have been prolonged by now: ${isServing}`)
  }
  if (open.length === 0) {
    return of('warning', says, 'Is the --public-url reached from outside, over https and with a good certificate?')
  }
  return of('ok', says, null)
}

/** Channels are prolonged long before. */
const endsSoonMs = 10 * minuteMs

export function clockLine(aheadMs: number): DoctorLine {
  const off = Math.abs(aheadMs)
  if (off < 30_000) return line('clock', 'ok', 'Clock', 'agrees with the providers', null)
  const says = `${off < 2 * minuteMs ? `${Math.round(off / 1_000)} seconds` : agePhrase(off)} ${aheadMs > 0 ? 'behind' : 'ahead of'} the providers`
  const help = "Set this machine's clock by the network (NTP)."
  return line('clock', off < clockBreaksMs ? 'warning' : 'problem', 'Clock', says, help)
}

/** From here on Google refuses what a service account signs, and tokens are renewed too late. */
const clockBreaksMs = 5 * minuteMs

/** `April 2026`. */
function monthOf(at: Instant): string {
  const date = new Date(at)
  return `${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

const months = 'January February March April May June July August September October November December'.split(' ')

/** `14 MB`, in binary thousands as file managers count. */
function bytesPhrase(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  const value = bytes / 1024 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}
