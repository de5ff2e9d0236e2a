import type { DoctorPorts } from '../app/doctor/diagnose.ts'
import type { ConnectableAccounts } from '../app/live-accounts.ts'
import type { ReceiveDeps } from '../app/push/receive-notification.ts'
import type { CalendarFiles } from '../connectors/calendar-files.ts'
import type { TextFiles } from '../connectors/text-files.ts'
import type { AuditStore } from '../store/audit-store.ts'
import type { Credential } from '../store/credential-store.ts'
import type { KeyFile } from '../store/key-file.ts'

/**
 * What the commands may touch, handed in by the entry. Nothing here is loaded before it is called, so that
 * `--help` costs no more than Node itself; a test passes its own.
 */
export interface CliDeps {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: () => AsyncIterable<Uint8Array>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  readonly calendars: () => Promise<CalendarFiles>
  readonly files: () => Promise<TextFiles>
  readonly openAuditStore: (path: string) => Promise<AuditStore & { close(): Promise<void> }>
  /** The accounts of a database file, made when it is not there. */
  readonly openLive: (path: string, how?: { readonly mustExist: boolean }) => Promise<ConnectableAccounts>
  /** What `doctor` looks at, for a database file that need not be there. */
  readonly doctor: (path: string) => Promise<DoctorPorts>
  /** Where the keys of a database file's secrets are. */
  readonly keyFile: (path: string) => Promise<KeyFile>
  /** Reads the files Google gives out for OAuth clients and service accounts. */
  readonly credentialFiles: () => Promise<CredentialFiles>
  /** Answers providers' notifications until it is closed. Throws `PortError` when the port cannot be had. */
  readonly listen: (notifications: ReceiveDeps, at: ListenAt) => Promise<Listener>
  /** Aborted by the first Ctrl-C; the second one ends the process. */
  readonly interrupted: () => AbortSignal
  /** A line typed without being shown; null when nobody sits at a terminal. */
  readonly askSecretly: (prompt: string) => Promise<string | null>
  /** False when there is no browser to open. */
  readonly openInBrowser: (url: string) => Promise<boolean>
  /** The folder of the sample company. */
  readonly samples: string
}

export interface ListenAt {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

export interface CredentialFiles {
  parseServiceAccountFile(text: string): Extract<Credential, { kind: 'service-account' }>
  parseGoogleClientFile(text: string): { readonly clientId: string; readonly clientSecret: string | null }
}

export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  readonly columns: number | null
}
