import { describe, expect, it } from 'vitest'
import { textWidth } from '../../src/views/columns.ts'
import { doctorText, type ShownDoctor } from '../../src/views/doctor-text.ts'

const shown: ShownDoctor = {
  problems: 1,
  warnings: 1,
  lines: [
    { id: 'node', state: 'ok', name: 'Node 24.21.0', says: 'fixes until April 2028', help: null },
    { id: 'keys', state: 'warning', name: 'Keys', says: 'mw.db.keys · 2 keys', help: 'Run `minutewise keys rewrap`.' },
    {
      id: 'account:a',
      state: 'problem',
      name: 'Google',
      says: 'ana@lantern.example · content · the consent is gone',
      help: 'Run `minutewise connect google` again for this person.',
    },
    { id: 'push', state: 'unset', name: 'Push', says: 'nothing notifies us', help: null },
  ],
}

describe('the doctor on a terminal', () => {
  it('has a sign and a word for each line, the next step below, and a sum', () => {
    expect(doctorText(shown, { width: 70, color: false })).toBe(`  ✓ ok       Node 24.21.0  fixes until April 2028
  ! warning  Keys          mw.db.keys · 2 keys
                           → Run \`minutewise keys rewrap\`.
  ✗ problem  Google        ana@lantern.example · content · the consent
                           is gone
                           → Run \`minutewise connect google\` again for
                           this person.
  – not set  Push          nothing notifies us
  1 problem, 1 warning
`)
  })

  it.each([40, 50, 80, 100])('keeps to %i columns', width => {
    for (const line of doctorText(shown, { width, color: false }).split('\n')) {
      expect(textWidth(line)).toBeLessThanOrEqual(width)
    }
  })

  it('says that all is well when it is', () => {
    const { lines } = shown
    expect(doctorText({ problems: 0, warnings: 0, lines: lines.slice(0, 1) }, { width: 80, color: false })).toMatch(
      /Everything that was looked at is fine\.\n$/,
    )
    expect(doctorText({ problems: 0, warnings: 2, lines: [] }, { width: 80, color: false })).toMatch(
      /no problems, 2 warnings/,
    )
  })

  it('lets no text of others command the terminal', () => {
    const says = 'evil\u001b[2J\u202ename'
    const text = doctorText(
      { ...shown, lines: [{ id: 'x', state: 'ok', name: 'Calendar\u001b[1m', says, help: says }] },
      { width: 80, color: false },
    )
    for (const character of ['\u001b', '\u202e']) expect(text).not.toContain(character)
    expect(text).toContain('evilname')
  })

  it('colours signs alone, and says the same without colour', () => {
    const colored = doctorText(shown, { width: 80, color: true })
    const esc = String.fromCharCode(0x1b)
    expect(colored).toContain(esc)
    expect(colored.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '')).toBe(
      doctorText(shown, { width: 80, color: false }),
    )
  })
})
