import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agendaIn, canBeMarked, withAgenda } from '../../../src/connectors/google/agenda-text.ts'

const plain = withAgenda('Bring lamps.', 'First\nSecond')
const html = withAgenda('<p>Bring lamps.</p>', 'First\nSecond')

describe('our text in an invitation', () => {
  it('comes back as it went in, and leaves as if it had never been there', () => {
    const lines = fc.array(fc.constantFrom('a', ' ', '\n', '<', '>', '&', '&amp;', '<br>', '<b>x</b>', '$&', 'ñ', '🏗'))
    fc.assert(
      fc.property(lines, lines, (around, ours) => {
        const description = around.join('')
        const text = ours.join('')
        const written = withAgenda(description, text)
        expect(agendaIn(written)).toBe(text)
        expect(written.startsWith(description)).toBe(true)
        expect(withAgenda(written, null)).toBe(description)
        expect(withAgenda(withAgenda(written, 'other'), text)).toBe(written)
      }),
      { numRuns: 500 },
    )
  })

  it('is HTML where the invitation is, so that signs are shown and not obeyed', () => {
    expect(withAgenda('<p>Bring lamps.</p>', 'a < b')).toContain('a &lt; b')
    expect(withAgenda('Bring lamps & a < b.', 'a < b')).toContain('a < b')
  })

  it.each([
    ['plain line breaks became HTML ones', plain.replaceAll('\n', '<br>')],
    ['line breaks are written another way', html.replaceAll('<br>', '<br />')],
    ['line breaks of Windows', plain.replaceAll('\n', '\r\n')],
    ['words were put before and behind it', `Hello\n${plain}\nBye`],
    ['a lone mark is left of an older one', `${plain.slice(0, plain.indexOf('First'))}\n\n${plain}`],
  ])('is still found after an edit: %s', (_, description) => {
    expect(agendaIn(description)?.replaceAll('\r', '')).toBe('First\nSecond')
  })

  it('is not there where a mark is missing', () => {
    expect(agendaIn(plain.slice(0, plain.indexOf('Second')))).toBeNull()
    expect(agendaIn(plain.slice(plain.indexOf('Second')))).toBeNull()
    expect(agendaIn('')).toBeNull()
  })

  it('taking out what is not there changes nothing', () => {
    expect(withAgenda('Bring lamps.\n\n', null)).toBe('Bring lamps.\n\n')
  })

  it('cannot hold our own marks', () => {
    expect([canBeMarked('First'), canBeMarked(plain), canBeMarked(html)]).toEqual([true, false, false])
  })
})
