import { expect, it } from 'vitest'
import { virtualClock } from '../kit/clock.ts'
import { createGraphFake } from './graph-fake.ts'

const startedAt = Date.UTC(2026, 2, 1)
const window = { startAt: Date.UTC(2026, 2, 1), endAt: Date.UTC(2026, 3, 1) }
const prefer = 'outlook.timezone="UTC", odata.maxpagesize=50, IdType="ImmutableId"'

it('gives a first round and then only what changed', async () => {
  const { fake, mailbox, get } = company()
  mailbox.create({ subject: 'Lunch', start: '2026-03-03T12:00', end: '2026-03-03T13:00' })
  const key = mailbox.createSeries({
    subject: 'Standup',
    start: '2026-03-02T09:00',
    end: '2026-03-02T09:15',
    pattern: { type: 'weekly', daysOfWeek: ['monday'] },
  })
  const first = await get(
    '/v1.0/me/calendarView/delta?startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z',
  )
  expect(first.body.value.map((item: { type: string }) => item.type)).toEqual([
    'singleInstance',
    'seriesMaster',
    ...Array(5).fill('occurrence'),
  ])
  expect(mailbox.truth(window).length).toBe(6)
  mailbox.deleteOccurrence(key, '2026-03-09')
  const link = new URL(first.body['@odata.deltaLink'])
  const second = await get(`${link.pathname}${link.search}`)
  expect(second.body.value.length).toBe(5)
  expect(fake.tenant).toBeTruthy()
})

function company() {
  const clock = virtualClock(startedAt)
  const fake = createGraphFake({ clock })
  fake.addUser({ address: 'ana@contoso.example', name: 'Ana Ruiz', zone: 'Romance Standard Time' })
  const token = fake.signIn.issue({ person: 'ana@contoso.example', permissions: ['Calendars.ReadWrite', 'User.Read'] })
  const get = async (path: string) => {
    const response = await fake.fetch(
      new Request(`http://graph.test${path}`, { headers: { authorization: `Bearer ${token}`, prefer } }),
    )
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
  return { clock, fake, mailbox: fake.mailbox('ana@contoso.example'), get }
}
