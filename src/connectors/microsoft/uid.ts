import { normalUid } from '../../domain/meetings/identity.ts'

/**
 * The UID that a meeting has on every calendar, from Graph's `iCalUId`.
 *
 * Exchange writes a Global Object ID in hexadecimal digits (MS-OXOCAL 2.2.1.27); in one of an occurrence bytes 16 to 19
 * are the date of that occurrence, so they are zeroed and the series and its occurrences agree. The UID of an invitation
 * that came from elsewhere stands inside such an id behind the words `vCal-Uid` (MS-OXCICAL 2.1.3.1.1.20.26) and is
 * taken out, since Google and everybody else show it bare. Anything else stays as it is.
 */
export function meetingUid(iCalUId: string): string {
  const uid = iCalUId.trim()
  return foreignUid(uid) ?? normalUid(uid)
}

/** Class id 16, instance date 4, creation time 8, padding 8, size 4 (little endian), data. */
const dataOffset = 40
const wrapped = /^040000008200E00074C5B7101A82E008(?:[0-9A-F]{2}){24}7643616C2D55696401000000(?:[0-9A-F]{2})+$/i
/** `vCal-Uid` and the number 1 in four bytes. */
const markLength = 12

function foreignUid(uid: string): string | null {
  if (!wrapped.test(uid)) return null
  const bytes = Uint8Array.from({ length: uid.length / 2 - dataOffset - markLength }, (_, index) => {
    const at = (dataOffset + markLength + index) * 2
    return Number.parseInt(uid.slice(at, at + 2), 16)
  })
  const end = bytes.indexOf(0)
  const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trim()
  return text === '' ? null : text
}
