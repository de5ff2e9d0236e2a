import { describe, expect, test } from 'vitest'
import { cutTo, padTo, textWidth, wrapTo } from '../../src/views/columns.ts'
import { plainText, plainTitle } from '../../src/views/plain-text.ts'
import { hostileTitles } from '../support/sample-report.ts'

describe('textWidth', () => {
  test.each([
    ['plain', 5],
    ['Müller', 6],
    ['週次', 4],
    ['ｱ', 1],
    ['Ａ', 2],
    ['한글', 4],
    ['👩‍👩‍👧‍👦', 2],
    ['🇪🇸', 2],
    ['👍🏽', 2],
    ['❤️', 2],
    ['☕', 2],
    ['e\u0301', 1],
    ['مراجعة', 6],
    ['…', 1],
    ['', 0],
  ])('%s takes %i cells', (text, cells) => {
    expect(textWidth(text)).toBe(cells)
  })
})

describe('cutting, padding and wrapping', () => {
  test('a padded text takes exactly its cells, even where a wide character would have to be halved', () => {
    for (const title of hostileTitles.map(one => plainTitle(one))) {
      for (const cells of [1, 5, 12, 33]) expect(textWidth(padTo(title, cells))).toBe(cells)
    }
    expect(cutTo('週次会議', 6)).toBe('週次…')
  })

  test('wrapped lines fit and lose no character but spaces', () => {
    for (const title of hostileTitles.map(one => plainTitle(one))) {
      const lines = wrapTo(title, 20)
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(20)
      expect(lines.join('').replaceAll(' ', '')).toBe(title.replaceAll(' ', ''))
    }
  })

  test('hours and minutes stay on one line', () => {
    expect(wrapTo('Thu 3 h 30 m · Fri', 8)).toEqual(['Thu', '3 h 30 m', '· Fri'])
  })
})

describe('plainText', () => {
  test('is one line with no controls, no direction marks and no lone surrogates', () => {
    for (const title of hostileTitles) {
      expect(plainText(title)).not.toMatch(
        /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u,
      )
    }
  })

  test('family emoji and Persian joins stay whole', () => {
    expect(plainText('👩‍👩‍👧‍👦 می‌خواهم')).toBe('👩‍👩‍👧‍👦 می‌خواهم')
  })

  test('a long title is cut where people would count, and an empty one is said to be empty', () => {
    expect(plainText('👍🏽'.repeat(300), 10)).toBe(`${'👍🏽'.repeat(9)}…`)
    expect(plainTitle('\u200b \u0007')).toBe('(no title)')
    expect(plainTitle(null)).toBe('(no title)')
  })

  test('a tower of accents is cut to four', () => {
    expect(plainText(`Z${'\u0351'.repeat(30)}`)).toBe(`Z${'\u0351'.repeat(4)}`)
  })
})
