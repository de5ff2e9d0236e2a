import { describe, expect, test } from 'vitest'
import { mergeLeftOut } from '../../../src/app/sync/merge-left-out.ts'

const zone = (name: string, events: number) => ({
  code: 'zone-guessed' as const,
  count: events,
  sentence: `The time zone "${name}" is unknown; Europe/Warsaw was assumed for ${events === 1 ? '1 event' : `${events} events`}.`,
})

describe('what was left out in several steps', () => {
  test('is said once for each name, with the sum', () => {
    const merged = mergeLeftOut([zone('Custom', 1), zone('Other', 2)], [zone('Custom', 1), zone('Third', 1)])
    expect(merged).toEqual([zone('Custom', 2), zone('Other', 2), zone('Third', 1)])
  })

  test('of a thousand names is a few sentences, and every event is counted', () => {
    const merged = Array.from({ length: 1000 }, (_, n) => zone(`Zone ${n}`, 1)).reduce<ReturnType<typeof mergeLeftOut>>(
      (before, one) => mergeLeftOut(before, [one]),
      [],
    )
    expect(merged.length).toBeLessThanOrEqual(21)
    expect(merged.reduce((sum, { count }) => sum + count, 0)).toBe(1000)
  })
})
