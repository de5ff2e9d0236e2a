import { breakThings } from './breakage.ts'
import { connectEverybody, firstSync, whatChanged } from './calm-days.ts'
import { NotAsSaid } from './narrator.ts'
import type { Story } from './story.ts'
import { beginStory, endStory } from './story.ts'
import { leave, privateStaysPrivate, writeBack } from './trust.ts'

/**
 * `npm run demo:sync`: the sample company's calendars on a strict Google, a strict Microsoft Graph, a real CalDAV server
 * and a feed, all on this machine; connected, synced, changed and broken on purpose, and the audit stays right.
 */
const startedAt = Date.now()
let story: Story | null = null
process.once('SIGINT', () => {
  const ended = story === null ? Promise.resolve() : endStory(story)
  void ended.finally(() => process.exit(130))
})
try {
  story = await beginStory()
  await connectEverybody(story)
  await firstSync(story)
  await whatChanged(story)
  await breakThings(story)
  await privateStaysPrivate(story)
  await writeBack(story)
  await leave(story)
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  process.stdout.write(
    `\nEverything was as it says, in ${seconds} s. All servers and files of this demonstration are gone.\n`,
  )
} catch (error) {
  process.exitCode = 1
  const message =
    error instanceof NotAsSaid
      ? `Not as it says: ${error.message}`
      : String(error instanceof Error ? error.stack : error)
  process.stderr.write(`\n${message}\n`)
} finally {
  if (story !== null) await endStory(story)
}
