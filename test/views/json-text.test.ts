import { expect, it } from 'vitest'
import { jsonText } from '../../src/views/json-text.ts'

it.each(['\u009b31m', '\u202eevil', 'a\u2028b', '\u007f', '\ufeff', 'plain – “text” 日本 🏗️'])(
  '%j stands in JSON without commanding a terminal, and parses to itself',
  text => {
    const written = jsonText({ text })
    expect(JSON.parse(written)).toEqual({ text })
    for (const character of written) {
      const code = character.codePointAt(0)!
      expect(code >= 0x7f && code <= 0x9f).toBe(false)
      expect(code >= 0x202a && code <= 0x202e).toBe(false)
    }
  },
)
