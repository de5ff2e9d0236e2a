import { describe, expect, it } from 'vitest'
import { readRoots } from '../../src/config/roots.ts'

const problemsOf = (env: Record<string, string>) => {
  const read = readRoots(env)
  return read.kind === 'problems' ? read.problems : []
}
const rootsOf = (env: Record<string, string>) => {
  const read = readRoots(env)
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'))
  return read.roots
}

describe('where the services are', () => {
  it('nothing said, or nothing in it: the public ones', () => {
    const usual = rootsOf({})
    expect(usual.google).toEqual({
      api: 'https://www.googleapis.com/',
      admin: 'https://admin.googleapis.com/',
      token: 'https://oauth2.googleapis.com/token',
      revoke: 'https://oauth2.googleapis.com/revoke',
      authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
    })
    expect(usual.graph).toEqual({ api: 'https://graph.microsoft.com/', login: 'https://login.microsoftonline.com/' })
    expect(rootsOf({ MINUTEWISE_GOOGLE_ROOT: ' ' })).toEqual(usual)
  })

  it('a national cloud', () => {
    const { graph } = rootsOf({
      MINUTEWISE_GRAPH_ROOT: 'https://graph.microsoft.us',
      MINUTEWISE_GRAPH_LOGIN_ROOT: 'https://login.microsoftonline.us/',
    })
    expect(graph).toEqual({ api: 'https://graph.microsoft.us/', login: 'https://login.microsoftonline.us/' })
  })

  it('roots end in a slash, also below a path; addresses stay as they are', () => {
    const { google } = rootsOf({
      MINUTEWISE_GOOGLE_ROOT: 'http://127.0.0.1:4000/google',
      MINUTEWISE_GOOGLE_TOKEN_URL: 'http://127.0.0.1:4000/token',
    })
    expect(google.api).toBe('http://127.0.0.1:4000/google/')
    expect(google.token).toBe('http://127.0.0.1:4000/token')
  })

  it('the directory is where the calendars are when only they are somewhere else', () => {
    const api = 'http://localhost:4000/'
    expect(rootsOf({ MINUTEWISE_GOOGLE_ROOT: api }).google.admin).toBe(api)
    const admin = 'http://localhost:5000/'
    expect(rootsOf({ MINUTEWISE_GOOGLE_ROOT: api, MINUTEWISE_GOOGLE_ADMIN_ROOT: admin }).google.admin).toBe(admin)
  })

  it.each([
    ['http://graph.acme.test/', 'not https'],
    ['http://127.0.0.1.acme.test/', 'not https'],
    ['ftp://127.0.0.1/', 'not https'],
    ['https://user:canary@graph.acme.test/', 'a name or a password'],
    ['https://graph.acme.test/?key=canary', 'a query'],
    ['https://graph.acme.test/#canary', 'a fragment'],
    ['canary', 'not a web address'],
  ])('%s → %s, in a sentence that does not repeat it', (value, what) => {
    const problems = problemsOf({ MINUTEWISE_GRAPH_ROOT: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('MINUTEWISE_GRAPH_ROOT')
    expect(problems[0]).toContain(what)
    expect(problems[0]).not.toContain('canary')
  })

  it('all problems at once', () => {
    const problems = problemsOf({
      MINUTEWISE_GOOGLE_ROOT: 'x',
      MINUTEWISE_GOOGLE_TOKEN_URL: 'http://a.test/',
      MINUTEWISE_GRAPH_LOGIN_ROOT: 'https://a:b@c.test/',
    })
    expect(problems.map(problem => problem.split(' ')[0])).toEqual([
      'MINUTEWISE_GOOGLE_ROOT',
      'MINUTEWISE_GOOGLE_TOKEN_URL',
      'MINUTEWISE_GRAPH_LOGIN_ROOT',
    ])
  })
})
