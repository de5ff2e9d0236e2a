import { writerContract } from '../../contract/writer-contract.ts'
import { memoryWriter } from '../../fakes/memory-writer.ts'

writerContract('the memory writer', async () => {
  const writer = memoryWriter()
  const calendar = { id: 'ana', ownerAddress: 'ana@lantern.example', zone: 'Europe/Madrid' }
  const held = writer.calendar(calendar.id)
  return {
    writer,
    calendar,
    truth: async () => held.events().map(({ id, ...event }) => ({ itemId: id, ...event })),
    createForeign: async event => held.add(event),
    createMeeting: async ({ ours, ...meeting }) => held.add({ ...meeting, isOrganizer: ours, guests: 3 }),
    changeByHand: async (itemId, change) => held.change(itemId, change),
    removeByHand: async itemId => held.remove(itemId),
    breakNextWrite: async how =>
      writer.fail({ call: 'changes', how: how === 'refusal' ? { kind: 'refusal', code: 'rejected' } : { kind: how } }),
    messagesToGuests: async () => 0,
    readBack: async () => writer.eventsOf(calendar.id),
    keepsTextExactly: true,
    close: async () => {},
  }
})
