import { describe, expect, it } from 'vitest'
import { createHttpPolicy } from '../../src/connectors/paced-http.ts'
import { virtualClock } from '../fakes/kit/clock.ts'

describe('smoke', () => {
  it('sends and repeats', async () => {
    const clock = virtualClock(0)
    let n = 0
    const at: number[] = []
    const http = createHttpPolicy({
      clock,
      fetch: async () => {
        at.push(clock.now())
        return n++ === 0 ? new Response('x', { status: 429, headers: { 'retry-after': '7' } }) : new Response('ok')
      },
    })
    const budget = { requests: 5, untilAt: 60_000 }
    const answer = await http.send({ url: 'http://a.test/' }, { lanes: [{ name: 'a' }], budget, repeatable: true })
    expect(await answer.text()).toBe('ok')
    expect(at).toEqual([0, 7000])
    expect(budget.requests).toBe(3)
  })
})
