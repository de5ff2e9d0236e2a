import type { GoogleRoots, GraphRoots } from '../connectors/oauth/token-source.ts'
import { isLoopbackHttp, webAddress } from '../connectors/oauth/web-address.ts'

export interface ServiceRoots {
  readonly google: GoogleRoots
  readonly graph: GraphRoots
}

/** Every problem at once; an address is never repeated, since people paste tokens into the wrong place. */
export type RootsRead =
  | { readonly kind: 'roots'; readonly roots: ServiceRoots }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/**
 * Where Google and Microsoft are: for national clouds and for tests. https, or http on this machine; without a name, a
 * password, a query or a fragment. An empty variable is as good as none.
 */
export function readRoots(env: Readonly<Record<string, string | undefined>>): RootsRead {
  const problems: string[] = []
  const read = (name: string, usual: string, shape: 'root' | 'address'): string => {
    const value = env[name]?.trim()
    if (value === undefined || value === '') return usual
    const url = webAddress(value)
    const problem = url === null ? 'is not a web address' : problemOf(url)
    if (url === null || problem !== null) {
      problems.push(`${name} ${problem}. Give one such as ${usual}`)
      return usual
    }
    return shape === 'root' && !url.pathname.endsWith('/') ? `${url.href}/` : url.href
  }
  const api = read('MINUTEWISE_GOOGLE_ROOT', 'https://www.googleapis.com/', 'root')
  const isApiGiven = api !== 'https://www.googleapis.com/'
  const google: GoogleRoots = {
    api,
    admin: read('MINUTEWISE_GOOGLE_ADMIN_ROOT', isApiGiven ? api : 'https://admin.googleapis.com/', 'root'),
    token: read('MINUTEWISE_GOOGLE_TOKEN_URL', 'https://oauth2.googleapis.com/token', 'address'),
    revoke: read('MINUTEWISE_GOOGLE_REVOKE_URL', 'https://oauth2.googleapis.com/revoke', 'address'),
    authorize: read('MINUTEWISE_GOOGLE_AUTH_URL', 'https://accounts.google.com/o/oauth2/v2/auth', 'address'),
  }
  const graph: GraphRoots = {
    api: read('MINUTEWISE_GRAPH_ROOT', 'https://graph.microsoft.com/', 'root'),
    login: read('MINUTEWISE_GRAPH_LOGIN_ROOT', 'https://login.microsoftonline.com/', 'root'),
  }
  return problems.length === 0 ? { kind: 'roots', roots: { google, graph } } : { kind: 'problems', problems }
}

function problemOf(url: URL): string | null {
  if (url.protocol !== 'https:' && !isLoopbackHttp(url)) return 'is not https (http is for this machine alone)'
  if (url.username !== '' || url.password !== '') return 'holds a name or a password'
  if (url.search !== '' || url.hash !== '') return 'holds a query or a fragment'
  return null
}
