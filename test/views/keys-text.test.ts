import { describe, expect, it } from 'vitest'
import { keysText, rewrapText, type ShownKeys } from '../../src/views/keys-text.ts'

const shown = (change: Partial<ShownKeys> = {}): ShownKeys => ({
  source: { kind: 'file', path: 'mw.db.keys', isNamed: false },
  mode: 0o600,
  keys: [{ id: 'k1', isNewest: true, credentials: 2 }],
  missing: [],
  shut: [],
  ...change,
})
const old = (credentials: number): ShownKeys =>
  shown({
    keys: [
      { id: 'k1', isNewest: false, credentials },
      { id: 'k2', isNewest: true, credentials: 1 },
    ],
  })

describe('the keys on a terminal', () => {
  it('with nothing to do are a list', () => {
    expect(keysText(shown())).toBe(
      'Keys in mw.db.keys (mode 0600), the newest last:\n  k1    seals 2 credentials · seals what is written next\n',
    )
  })

  it.each<[string, ShownKeys, RegExp]>([
    ['none', shown({ keys: [] }), /There are no keys yet/],
    [
      'in the environment',
      shown({ source: { kind: 'environment' }, mode: null }),
      /Keys in MINUTEWISE_KEYS, the newest/,
    ],
    ['an old one in use', old(1), /k1 +! seals 1 credential still\n.*\nRun `minutewise keys rewrap`/],
    [
      'an old one not needed',
      old(0),
      /k1 +seals nothing\n[\s\S]*! Nothing here needs k1 any more: `minutewise keys remove k1`\. A backup/,
    ],
    ['others may read', shown({ mode: 0o640 }), /mode 0640[\s\S]*! Others on this machine may read/],
    [
      'one missing',
      shown({ missing: [{ id: 'k0', isNewest: false, credentials: 3 }] }),
      /k0 +! not there, and 3 cannot be opened without it\nPut the missing key back/,
    ],
    [
      'a secret that does not open',
      shown({ shut: [{ accountId: 'a1', label: null, sentence: 'It was\u001b[2J changed.' }] }),
      /! account a1: It was changed\./,
    ],
  ])('%s', (_, status, text) => {
    expect(keysText(status)).toMatch(text)
  })

  it('after a rotation say what was done, what was not, and how it is now', () => {
    const done = {
      keyId: 'k2',
      isNew: true,
      rewrapped: 1,
      kept: 0,
      failed: [{ accountId: 'a1', label: 'ana@lantern.example', sentence: 'A credential does not open.' }],
      notSettled: 'Texts may stay.',
      after: old(1),
    }
    expect(rewrapText(done)).toMatch(
      /^There is a new key, "k2"\.\n1 credential sealed again with "k2"\.\n! 1 credential left as before:\n {2}! ana@lantern\.example: A credential does not open\.\n! Texts may stay\.\n\nKeys in /,
    )
    expect(rewrapText({ ...done, isNew: false, rewrapped: 0, kept: 0, failed: [], notSettled: null })).toMatch(
      /^There was no credential to seal\.\n/,
    )
  })
})
