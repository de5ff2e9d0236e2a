/**
 * The port to where the keys of credentials are kept (`key-ring.ts` reads their text).
 *
 * Promises of `change`:
 * - **whole or not**: after it, or after the process or the machine died in it, the file is as before or as edited;
 * - **durable**: once it returned, the new text outlives a loss of power. Whatever is sealed afterwards with a key from
 *   it can be opened again;
 * - **alone**: of two changes at once one is `busy` and changed nothing; `edit` sees the text nobody else is changing;
 * - **private**: readable by its owner alone, who stays the same.
 */
export interface KeyFile {
  readonly source: KeySource
  /** The text with its permissions; null when there is none. Throws `denied` when it may not be read. */
  read(): Promise<KeyText | null>
  /** Throws what `edit` throws, then nothing is changed; `unsupported` where the source is no file. */
  change(edit: (text: string) => string): Promise<void>
}

export type KeySource =
  /** MINUTEWISE_KEYS: only whoever set it can change it. */
  | { readonly kind: 'environment' }
  /** `isNamed`: MINUTEWISE_KEYS_FILE names it, so other databases may use it too. Else it lies beside its database. */
  | { readonly kind: 'file'; readonly path: string; readonly isNamed: boolean }
  /** Of a database in memory: gone when it is. */
  | { readonly kind: 'memory' }

export interface KeyText {
  /** Secret. */
  readonly text: string
  /** Permission bits, such as 0o600; null where there are none (no file, Windows). */
  readonly mode: number | null
}
