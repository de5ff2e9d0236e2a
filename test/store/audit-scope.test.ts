import { describe, expect, it } from 'vitest'
import { auditScope } from '../../src/store/audit-store.ts'
import { buildKeptAudit } from '../contract/kept-audit.ts'

describe('the scope of an audit', () => {
  const scope = (subject: string | null, ...calendars: readonly string[]) => auditScope({ subject, calendars })

  it('same subject and calendars, in any order and spelling of the address → the same', async () => {
    expect(await scope('Ana@Lumen.example', 'b', 'a', 'a')).toBe(await scope('ana@lumen.example', 'a', 'b'))
  })

  it('another subject, another calendar, no subject → another', async () => {
    const scopes = await Promise.all([
      scope('ana@lumen.example', 'a'),
      scope('ben@lumen.example', 'a'),
      scope('ana@lumen.example', 'b'),
      scope('ana@lumen.example', 'a', 'b'),
      scope('ana@lumen.example'),
      scope(null, 'ana@lumen.example'),
      scope(null, 'a'),
    ])
    expect(new Set(scopes).size).toBe(7)
  })

  it('does not spell the address', async () => {
    expect(await scope('ana@lumen.example', 'a')).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('the id of an audit', () => {
  it('same content → same id; another moment → another', async () => {
    const { id } = await buildKeptAudit()
    expect((await buildKeptAudit()).id).toBe(id)
    expect((await buildKeptAudit({ generatedAt: '2026-03-16T09:00:01Z' })).id).not.toBe(id)
  })
})
