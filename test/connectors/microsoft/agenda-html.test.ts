import { describe, expect, test } from 'vitest'
import { agendaIn, withAgenda } from '../../../src/connectors/microsoft/agenda-html.ts'

const teams =
  '<div>________________________________</div><div><a href="https://teams.example/l/1">Join the meeting</a></div>'
const pages: readonly (readonly [string, string])[] = [
  ['nothing at all', ''],
  ['a bare line', 'Hello'],
  [
    'a page of Outlook',
    `<html><head>\r\n<meta http-equiv="Content-Type"></head>\r\n<body>\r\n<p>Hi&nbsp;there</p>\r\n${teams}\r\n</body></html>`,
  ],
  ['a body with attributes', `<html><body lang="EN-GB" style="word-wrap:break-word"><p>Hi</p>${teams}</body></html>`],
  ['signs of replacement', '<body>$& $1 $` $$</body>'],
]

describe.each(pages)('in %s', (_, html) => {
  test('the text goes in, is found, and goes out without a trace', () => {
    const text = '1. Which queue?\n\n2. a < b & "c" $&'
    const written = withAgenda(html, text)
    expect(agendaIn(html)).toBeNull()
    expect(agendaIn(written)).toBe(text)
    expect(withAgenda(written, null)).toBe(html)
  })

  test('another text takes its place', () => {
    const written = withAgenda(withAgenda(html, 'First'), 'Second')
    expect(written).toBe(withAgenda(html, 'Second'))
  })

  test('taking out what is not there changes nothing', () => {
    expect(withAgenda(html, null)).toBe(html)
  })
})

test('a new text comes before what is there, so that a join text stays last', () => {
  expect(withAgenda(`<body>${teams}</body>`, 'Agenda').endsWith(`${teams}</body>`)).toBe(true)
})

const rewritten: readonly (readonly [string, (html: string) => string])[] = [
  [
    'with classes and styles on every element',
    html => html.replaceAll('<div>', '<div class="x_elementToProof" style="color:rgb(0,0,0)">'),
  ],
  ['with dashes as entities', html => html.replaceAll('\u2014', '&mdash;')],
  ['with dashes as numbers and hard blanks', html => html.replaceAll('\u2014 ', '&#8212;&nbsp;')],
  ['with paragraphs for divisions', html => html.replaceAll('<div>', '<p>').replaceAll('</div>', '</p>')],
  [
    'with spans inside',
    html =>
      html
        .replaceAll('<div>\u2014', '<div><span style="font-size:11pt">\u2014')
        .replaceAll('\u2014</div>', '\u2014</span></div>'),
  ],
  ['with lines broken by the server', html => html.replaceAll('</div><div>', '</div>\r\n<div>')],
]

test.each(rewritten)('a block that came back %s is still ours', (_, rewrite) => {
  const html = `<html><body><p>Before</p>${teams}</body></html>`
  const came = rewrite(withAgenda(html, 'First\nSecond'))
  expect(agendaIn(came)).toBe('First\nSecond')
  const without = withAgenda(came, null)
  expect(without).not.toMatch(/minutewise/i)
  expect(without.replace(/\s+/g, '')).toBe(rewrite(html).replace(/\s+/g, ''))
})

test('a first line without a last one is somebody quoting us: it stays', () => {
  const html = withAgenda('<body>Hi</body>', 'First').replace('End of the', 'The rest of the')
  expect(agendaIn(html)).toBeNull()
  expect(withAgenda(html, null)).toBe(html)
})

test('a hundred thousand openings are read in no time', () => {
  const html = `<body>${'<div>'.repeat(100_000)}[Minutewise agenda]`
  expect(agendaIn(html)).toBeNull()
})
