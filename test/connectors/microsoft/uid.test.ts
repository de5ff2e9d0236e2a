import { expect, test } from 'vitest'
import { meetingUid } from '../../../src/connectors/microsoft/uid.ts'

const series =
  '040000008200E00074C5B7101A82E0080000000038C12994A0A1D1010000000000000000100000002D3AE9C22CC82C42ADE8BFFD6999115D'
const occurrence =
  '040000008200E00074C5B7101A82E00807EA031038C12994A0A1D1010000000000000000100000002D3AE9C22CC82C42ADE8BFFD6999115D'
/** MS-OXCICAL 2.1.3.1.1.20.26: an invitation from elsewhere, its UID behind `vCal-Uid`. */
const wrapped = (uid: string, date = '00000000') => {
  const data = Buffer.concat([Buffer.from('vCal-Uid'), Buffer.from([1, 0, 0, 0]), Buffer.from(`${uid}\0`)])
  const size = Buffer.alloc(4)
  size.writeUInt32LE(data.length)
  const head = `040000008200E00074C5B7101A82E008${date}${'0'.repeat(32)}`
  return `${head}${size.toString('hex')}${data.toString('hex')}`.toUpperCase()
}

const cases: readonly (readonly [string, string, string])[] = [
  ['a series of Outlook stays as it is', series, series],
  ['an occurrence has the UID of its series', occurrence, series],
  ['lower case is another spelling', occurrence.toLowerCase(), series],
  ['an invitation from Google has the UID that Google gives it', wrapped('qa87q2t5@google.com'), 'qa87q2t5@google.com'],
  [
    'the id seen in the field',
    '040000008200E00074C5B7101A82E0080000000000000000000000000000000000000000320000007643616C2D55696401000000716138377132743535326465746637373335303870647263686340676F6F676C652E636F6D00',
    'qa87q2t552detf773508pdrchc@google.com',
  ],
  ['so has one occurrence of such a series', wrapped('qa87q2t5@google.com', '07EA0310'), 'qa87q2t5@google.com'],
  ['signs beyond ASCII are UTF-8', wrapped('reunión-1@example.com'), 'reunión-1@example.com'],
  [
    'a UID that is bare stays as it is',
    ' 19rh93h5t893h5v@calendar.icloud.example ',
    '19rh93h5t893h5v@calendar.icloud.example',
  ],
  ['a wrapped nothing is no UID', wrapped(''), wrapped('')],
  ['an id cut short stays as it is', '040000008200E00074C5', '040000008200E00074C5'],
]

test.each(cases)('%s', (_, given, uid) => {
  expect(meetingUid(given)).toBe(uid)
})
