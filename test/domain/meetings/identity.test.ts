import { describe, expect, test } from 'vitest'
import { meetingIdEndOf, meetingIdStartOf, normalUid, seriesIdOf } from '../../../src/domain/meetings/identity.ts'

describe('normalUid', () => {
  test('Google’s "this and following" suffix → the UID of the series', () => {
    expect(normalUid('7kukuqrfedlm2f9t_R20260312T130000@google.com')).toBe('7kukuqrfedlm2f9t@google.com')
    expect(normalUid('7kukuqrfedlm2f9t_R20260312@google.com')).toBe('7kukuqrfedlm2f9t@google.com')
  })

  test('the date of one occurrence in an Outlook UID → the UID of the series', () => {
    const clean = '040000008200E00074C5B7101A82E008000000003A5C0F0C8D2BDA01000000000000000010000000AA'
    const dated = '040000008200E00074C5B7101A82E00807EA03103A5C0F0C8D2BDA01000000000000000010000000AA'
    expect(normalUid(dated)).toBe(clean)
    expect(normalUid(clean.toLowerCase())).toBe(clean)
  })

  test.each([
    '',
    'plain@lantern.example',
    'notes_Review@lantern.example',
    '04000000-1234',
    'x_R2026@lantern.example',
    '__proto__',
  ])('"%s" stays as it is', uid => {
    expect(normalUid(uid)).toBe(uid)
  })
})

test('a meeting id follows from UID and original start alone', () => {
  const id = (uid: string, at: number) => meetingIdStartOf(seriesIdOf(uid)) + meetingIdEndOf(at)
  expect(id('a@b', 0)).toBe(id('a@b', 0))
  expect(new Set([id('a@b', 0), id('a@b', 1), id('a@c', 0)]).size).toBe(3)
})
