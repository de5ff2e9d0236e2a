import { describe, expect, it } from 'vitest'
import { keyEntry, nextKeyId, withKey, withoutKey } from '../../../src/app/keys/key-text.ts'

describe('the text of a key file', () => {
  it.each([
    ['ends in a newline', '# ours\nk1:A\n', '# ours\nk1:A\nk2:B\n'],
    ['does not', '# ours\nk1:A', '# ours\nk1:A\nk2:B\n'],
    ['ends lines as Windows does', '# ours\r\nk1:A\r\n', '# ours\r\nk1:A\r\nk2:B\r\n'],
    ['is empty', '', 'k2:B\n'],
  ])('that %s gets a key at its end and keeps the rest', (_, before, after) => {
    expect(withKey(before, 'k2:B')).toBe(after)
  })

  it.each([
    ['a line of its own', '# k1:X\nk1:A\n\nk2:B\n', '# k1:X\n\nk2:B\n'],
    ['the last line without an end', 'k2:B\nk1:A', 'k2:B\n'],
    ['a line among others', 'k1:A,k2:B , k3:C\r\n', 'k2:B , k3:C\r\n'],
    ['a line with a comma too much', ' k1: A,\nk2:B\n', 'k2:B\n'],
    ['nothing that is there', 'k10:A\nk2:B\n', 'k10:A\nk2:B\n'],
  ])('loses a key on %s and keeps the rest', (_, before, after) => {
    expect(withoutKey(before, 'k1')).toBe(after)
  })

  it('gives one entry as it stands, and none of a comment', () => {
    expect(keyEntry('# k1:X\nk2:B, k1: A\n', 'k1')).toBe('k1: A')
    expect(keyEntry('# k1:X\nk10:B\n', 'k1')).toBe('')
  })

  it.each([
    [[], 'k1'],
    [['k1'], 'k2'],
    [['k3', 'k1'], 'k4'],
    [['2026-03', 'prod', 'k1x'], 'k1'],
    [['k9', 'k10'], 'k11'],
  ])('after %j the next id is %s', (ids, next) => {
    expect(nextKeyId(ids)).toBe(next)
  })
})
