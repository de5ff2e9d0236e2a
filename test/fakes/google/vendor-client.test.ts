import { calendar } from 'googleapis/build/src/apis/calendar/index.js'
import { expect, test } from 'vitest'
import { virtualClock } from '../kit/clock.ts'
import { serve } from '../kit/serve.ts'
import { createGoogleFake, googleRoots } from './google-fake.ts'

test("The vendor's own client reads, writes, watches and is refused, over HTTP", async () => {
  const fake = createGoogleFake({ clock: virtualClock(Date.UTC(2026, 2, 2, 8)) })
  fake.addUser({ address: 'ana@example.com' })
  const served = await serve(fake, fake.faults)
  try {
    const client = calendar({
      version: 'v3',
      rootUrl: googleRoots(served.url).api,
      headers: { authorization: `Bearer ${fake.grant('ana@example.com', ['calendar']).accessToken}` },
      retry: false,
    })
    const calendarId = 'ana@example.com'
    const made = await client.events.insert({
      calendarId,
      sendUpdates: 'none',
      requestBody: { start: { date: '2026-03-16' }, end: { date: '2026-03-17' }, recurrence: ['RRULE:FREQ=WEEKLY'] },
    })
    const eventId = made.data.id ?? ''
    const patched = await client.events.patch(
      { calendarId, eventId, requestBody: { summary: 'Week' } },
      { headers: { 'if-match': made.data.etag ?? '' } },
    )
    expect(patched.data.summary).toBe('Week')
    const listed = await client.events.list({ calendarId, eventTypes: ['default', 'focusTime'], maxResults: 2500 })
    expect(listed.data.items?.map(({ id }) => id)).toEqual([eventId])
    const instances = await client.events.instances({ calendarId, eventId, timeMax: '2026-04-01T00:00:00Z' })
    expect(instances.data.items).toHaveLength(3)
    expect((await client.calendarList.list({})).data.items).toHaveLength(1)
    const address = 'https://hooks.example.com/google'
    const channel = await client.events.watch({ calendarId, requestBody: { id: 'c1', type: 'web_hook', address } })
    const { id, resourceId } = channel.data
    await client.channels.stop({ requestBody: { id: id ?? '', resourceId: resourceId ?? '' } })
    await client.events.delete({ calendarId, eventId })
    await expect(client.events.delete({ calendarId, eventId })).rejects.toMatchObject({ status: 410 })
    await expect(client.events.list({ calendarId, syncToken: 'gone' })).rejects.toMatchObject({ status: 410 })
    expect(fake.push.live()).toEqual([])
    expect(fake.violations).toEqual([])
  } finally {
    await served.close()
  }
})
