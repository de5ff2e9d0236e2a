/**
 * JSON that is safe to show on a terminal: what may command one or turn its writing round (DEL, C1, bidirectional
 * controls) stands as an escape. Parsed again it is the same value.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(commands, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

const commands = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g
