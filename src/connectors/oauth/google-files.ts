import { isRecord, parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { Credential } from '../../store/credential-store.ts'

/**
 * The key file of a service account, as the Google Cloud console gives it (`"type": "service_account"`).
 *
 * The addresses in it are not followed: where tokens come from is a setting of ours.
 *
 * @throws PortError `malformed` with what is wrong and the next step; nothing of the file is in the sentence.
 */
export function parseServiceAccountFile(text: string): Extract<Credential, { kind: 'service-account' }> {
  const file = objectIn(text)
  if (clientIn(file) !== null) {
    throw new PortError(
      'malformed',
      'This file is an OAuth client, not a service account key. Make a key under IAM > Service accounts > Keys (JSON).',
    )
  }
  if (file.type !== 'service_account') {
    throw new PortError(
      'malformed',
      'This file is no service account key: its "type" is not "service_account". Make a key under IAM > Service accounts > Keys (JSON).',
    )
  }
  const { client_email, private_key, private_key_id } = file
  if (typeof client_email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(client_email)) {
    throw new PortError('malformed', 'The service account key has no "client_email". Download the key file again.')
  }
  if (typeof private_key !== 'string' || !pkcs8Pem.test(private_key)) {
    throw new PortError(
      'malformed',
      'The service account key has no "private_key" in PKCS #8 (BEGIN PRIVATE KEY). Download the key file again.',
    )
  }
  return {
    kind: 'service-account',
    clientEmail: client_email,
    privateKeyPem: private_key,
    keyId: typeof private_key_id === 'string' && private_key_id !== '' ? private_key_id : null,
  }
}

export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret: string | null
}

/**
 * The file of a desktop client (`client_secret_….json` with `installed`).
 *
 * @throws PortError `malformed` as above; also for web clients, whose redirect addresses are fixed.
 */
export function parseGoogleClientFile(text: string): OAuthClient {
  const file = objectIn(text)
  if (file.type === 'service_account') {
    throw new PortError(
      'malformed',
      'This file is a service account key, not an OAuth client. Make a client of type "Desktop app" under APIs & Services > Credentials.',
    )
  }
  const client = clientIn(file)
  if (client === null) {
    throw new PortError(
      'malformed',
      'This file is no Google OAuth client: it has no "installed" part. Make a client of type "Desktop app" under APIs & Services > Credentials and download its JSON.',
    )
  }
  if (client.kind === 'web') {
    throw new PortError(
      'malformed',
      'This OAuth client is of type "Web application", which cannot answer to this machine. Make one of type "Desktop app".',
    )
  }
  const { client_id, client_secret } = client.part
  if (typeof client_id !== 'string' || !/^[\x21-\x7e]+$/.test(client_id)) {
    throw new PortError('malformed', 'The Google OAuth client file has no "client_id". Download it again.')
  }
  return {
    clientId: client_id,
    clientSecret: typeof client_secret === 'string' && client_secret !== '' ? client_secret : null,
  }
}

const pkcs8Pem = /^\s*-----BEGIN PRIVATE KEY-----\r?\n[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----\s*$/

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const file = parsedJson(text.replace(/^\uFEFF/, ''))
  if (isRecord(file)) return file
  throw new PortError('malformed', 'This file is no JSON object. Give the file as the Google Cloud console made it.')
}

function clientIn(file: Readonly<Record<string, unknown>>) {
  if (isRecord(file.installed)) return { kind: 'installed', part: file.installed } as const
  if (isRecord(file.web)) return { kind: 'web', part: file.web } as const
  return null
}
