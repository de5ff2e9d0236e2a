import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLabelledLine } from '../../src/domain/classifier/record.ts'
import { forums, meetingForms, meetingKinds } from '../../src/domain/classifier/types.ts'

const folder = join(import.meta.dirname, '../../samples/invitations')
const files = readdirSync(folder).filter(name => name.endsWith('.jsonl'))
const lines = files.flatMap(file =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(text => ({ file, text, value: JSON.parse(text) })),
)
const share = (kind: string) => lines.filter(({ value }) => value.kind === kind).length / lines.length

describe('the written invitations', () => {
  it('are read by the classifier, every one of them', () => {
    for (const { text, value } of lines) expect(parseLabelledLine(text), value.id).toMatchObject({ ok: true })
  })

  it('are at least two thousand, each under an id of its own', () => {
    expect(lines.length).toBeGreaterThanOrEqual(2_000)
    expect(new Set(lines.map(({ value }) => value.id)).size).toBe(lines.length)
  })

  it('come from seven kinds of organisations and in six languages, none of them a handful', () => {
    const counts = (field: string) => {
      const found = new Map<string, number>()
      for (const { value } of lines) found.set(value[field], (found.get(value[field]) ?? 0) + 1)
      return found
    }
    const organisations = counts('organisation')
    expect([...organisations.keys()].toSorted()).toEqual(
      ['charity', 'factory', 'hospital', 'public-office', 'sales', 'school', 'software'].toSorted(),
    )
    expect(Math.min(...organisations.values())).toBeGreaterThan(150)
    const languages = counts('language')
    expect([...languages.keys()].toSorted()).toEqual(['de', 'en', 'es', 'fr', 'ja', 'pt'])
    expect(Math.min(...languages.values())).toBeGreaterThan(120)
  })

  it('hold enough of every kind, and conflict is not a curiosity', () => {
    for (const kind of meetingKinds) expect(share(kind), kind).toBeGreaterThan(0.1)
  })

  it('name items that stand in their agenda, with a kind each', () => {
    for (const { value } of lines) {
      for (const item of value.items) {
        expect(value.agenda, value.id).toContain(item.text)
        expect(meetingKinds, value.id).toContain(item.kind)
      }
    }
  })

  it('use the words of the classifier for form and forum, and addresses that belong to nobody', () => {
    for (const { value } of lines) {
      expect(meetingForms, value.id).toContain(value.form)
      if (value.forum !== null) expect(forums, value.id).toContain(value.forum)
      if (value.organizer !== null) expect(value.organizer, value.id).toMatch(/\.example$/)
    }
  })

  it('repeat nobody: no agenda of any length stands there twice', () => {
    const seen = new Map<string, string>()
    for (const { value } of lines) {
      if (value.agenda.length < 40) continue
      expect(seen.get(value.agenda) ?? null, value.id).toBe(null)
      seen.set(value.agenda, value.id)
    }
  })
})
