/**
 * Without control characters of the terminal (C0, C1), line separators and marks that turn the reading direction: for
 * names that somebody else wrote and that stand in our sentences or name a calendar.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
}
