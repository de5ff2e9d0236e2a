import { PortError } from '../../port-error.ts'
import { printable } from '../printable.ts'

/**
 * The address of a calendar server as somebody typed it; https where nothing is said. A password goes there, so it has
 * to be https, wherever in the network the server stands; http only to this very machine.
 *
 * @throws PortError `rejected` with what to type instead.
 */
export function serverAddress(typed: string): URL {
  const text = typed.trim()
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  let url: URL
  try {
    url = new URL(withScheme.replace(/^caldavs?:/i, 'https:'))
  } catch {
    throw new PortError(
      'rejected',
      'The address of the calendar server is not a web address. Give one such as https://calendar.example.com.',
    )
  }
  const host = printable(url.host)
  if (url.username !== '' || url.password !== '') {
    throw new PortError('rejected', `The address at ${host} holds a name or a password; give them apart from it.`)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isThisMachine(url.hostname))) {
    throw new PortError(
      'rejected',
      `The password for ${host} would travel in the open: give the server's https address. Without https only a server ` +
        'on this machine is used.',
    )
  }
  url.search = ''
  url.hash = ''
  return url
}

/**
 * Whether a server may name `home` as the place of the calendars, so that the password goes there too: the same origin,
 * or a neighbour under the same domain over https, as large providers do it (caldav.example.com, p42-caldav.example.com).
 */
export function isNeighbour(home: URL, server: URL): boolean {
  if (home.origin === server.origin) return true
  if (home.protocol !== 'https:' || home.port !== '' || server.protocol !== 'https:') return false
  const domain = server.hostname.split('.').slice(1)
  // `co.uk` and `com.au` are nobody's domain
  if (domain.length < 2 || domain.at(-2)!.length <= 3) return false
  return home.hostname.endsWith(`.${domain.join('.')}`)
}

function isThisMachine(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}
