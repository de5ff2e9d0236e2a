import { expect, test } from 'vitest'
import { virtualClock } from '../kit/clock.ts'
import { asking } from './asking.ts'
import { createGoogleFake } from './google-fake.ts'
import { googleSchemas, vendorNames } from './vendor-types.ts'

test.each(vendorNames)(
  'The check of %s lets an empty answer through and bites on a name the vendor does not know',
  async name => {
    const conforms = await googleSchemas()
    expect(() => conforms(name, {})).not.toThrow()
    expect(() => conforms(name, { kind: 7 })).toThrow(`The fake's answer is no ${name}`)
    expect(() => conforms(name, { titel: 'One' })).toThrow(/titel/)
  },
)

test('The check bites inside an answer: in the start of an event of a list', async () => {
  const conforms = await googleSchemas()
  expect(() => conforms('GoogleEvents', { items: [{ start: { dateTime: '2026-03-16T10:00:00Z' } }] })).not.toThrow()
  expect(() => conforms('GoogleEvents', { items: [{ start: { dateTime: 1_773_000_000 } }] })).toThrow(/dateTime/)
})

test("An answer of the fake that is not of the vendor's type is 501 and written down", async () => {
  const fake = createGoogleFake({ clock: virtualClock(0) })
  const { calendar } = fake.addUser({ address: 'ana@example.com' })
  const event = { start: { date: '2026-03-16' }, end: { date: '2026-03-17' } }
  const broken: Record<string, unknown> = { ...event, titel: 'One' }
  calendar.insert(broken)
  const ask = asking(fake, fake.grant('ana@example.com', ['calendar']).accessToken)
  expect((await ask.get('/calendar/v3/calendars/primary/events')).status).toBe(501)
  expect(fake.violations).toHaveLength(1)
  expect(fake.violations[0]).toContain('titel')
})
