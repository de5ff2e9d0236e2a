/**
 * The store port: one database, reached through two calls. SQLite on a disk and D1 on Cloudflare pass the same
 * contract (`test/contract/store-contract.ts`, one test a promise).
 *
 * Words:
 * - a *statement* is SQL with `?` for each of its parameters, in order; it is written for SQLite and D1 alike;
 * - a *write* is a statement that returns no rows, or a *bulk upsert*: rows for one table, by key;
 * - a *batch* is the list of writes handed to `atomically`;
 * - a row *changed* when it was inserted, deleted, or one of its guarded columns got another value.
 *
 * Promises:
 * - **atomicity**: all writes of a batch are kept, or none is: not after an error, a refusal or a killed process;
 * - **ordering**: writes take effect in the order given, a later one sees an earlier one. Of rows with the same key in
 *   one bulk upsert the later wins. `all` sees every batch acknowledged before it was called;
 * - **idempotence**: a bulk upsert of rows that are there already changes 0 rows and writes none;
 * - **durability**: an acknowledged batch survives the death of the process. SQLite runs in WAL with
 *   synchronous=NORMAL: when the machine loses power the last batches may be gone, whole batches and never parts;
 * - **exactness**: text, null and finite numbers come back as they went in. Not promised: text with a NUL character or
 *   half a surrogate pair; the last bit of numbers outside 1e-12 to 1e30 (D1 reads bulk rows from JSON, and SQLite's
 *   decimal reader rounds the far ends);
 * - **oblivion**: what was deleted or overwritten before `settle` is in no file of the database after it;
 * - **errors**: what the world does wrong is a `PortError` with a code; after one the database is still usable.
 *
 * Not promised: retries (codes `busy` and `unreachable` say that trying again makes sense), and reading and writing in
 * one transaction: read, decide in plain code, write one batch whose statements still hold if somebody else was faster.
 */
export interface Database {
  /** Runs a batch. One result for each write, in order; an empty batch does nothing. */
  atomically(writes: readonly Write[]): Promise<readonly WriteResult[]>
  /** Rows of a reading statement as objects by column name. `Row` is what the statement's columns are. */
  all<Row>(statement: Statement): Promise<readonly Row[]>
  /**
   * Makes what was deleted or overwritten unreadable in the database's files too. On SQLite it rewrites the file, about
   * a second for 100 MB: called where somebody was promised erasure, not after each batch. `busy` while somebody else
   * reads or writes; what was deleted stays deleted, and the call may be repeated.
   */
  settle(): Promise<void>
  /** Gives back what was opened. A second call does nothing. */
  close(): Promise<void>
}

export type SqlValue = string | number | null

export interface Statement {
  readonly sql: string
  readonly params: readonly SqlValue[]
}

/**
 * Rows to insert, or to update where their key exists. Any number of rows: each engine runs them in the way that is
 * fast there (prepared rows in one transaction on SQLite, JSON in few statements on D1) and sorts them by key first.
 */
export interface BulkUpsert {
  readonly table: string
  readonly columns: readonly string[]
  /** The table's primary key or a unique one. */
  readonly key: readonly string[]
  /** Values in the order of `columns`. */
  readonly rows: readonly (readonly SqlValue[])[]
  /** A row with an equal key is rewritten only when one of these differs; every column outside the key by default. */
  readonly guard?: readonly string[]
}

export type Write = Statement | BulkUpsert

export interface WriteResult {
  /** Rows that changed. */
  readonly changes: number
}

export const isBulkUpsert = (write: Write): write is BulkUpsert => 'rows' in write
