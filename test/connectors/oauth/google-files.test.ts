import { describe, expect, it } from 'vitest'
import { parseGoogleClientFile, parseServiceAccountFile } from '../../../src/connectors/oauth/google-files.ts'
import { PortError } from '../../../src/port-error.ts'

const pem = '-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----\n'
const key = {
  type: 'service_account',
  project_id: 'acme',
  private_key_id: 'key-1',
  private_key: pem,
  client_email: 'sync@acme.iam.gserviceaccount.com',
  client_id: '1234',
  token_uri: 'https://evil.test/token',
}
const client = { installed: { client_id: 'c.apps.googleusercontent.com', client_secret: 'canary' } }

function sentence(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    expect(error).toBeInstanceOf(PortError)
    // Safe because it was just asserted.
    const { code, message, cause } = error as PortError
    expect(code).toBe('malformed')
    expect(`${message} ${String(cause)}`).not.toMatch(/canary|Y2FuYXJ5/)
    return message
  }
  throw new Error('Nothing was thrown.')
}

describe('a service account key file', () => {
  it('gives address, key and key id; its own addresses are not followed', () => {
    expect(parseServiceAccountFile(`\uFEFF${JSON.stringify(key)}`)).toEqual({
      kind: 'service-account',
      clientEmail: 'sync@acme.iam.gserviceaccount.com',
      privateKeyPem: pem,
      keyId: 'key-1',
    })
  })

  it.each([
    ['canary {', 'no JSON object'],
    ['["canary"]', 'no JSON object'],
    [JSON.stringify({ ...key, type: 'authorized_user' }), 'no service account key'],
    [JSON.stringify(client), 'an OAuth client, not a service account key'],
    [JSON.stringify({ ...key, client_email: undefined }), 'client_email'],
    [JSON.stringify({ ...key, private_key: undefined }), 'private_key'],
    [JSON.stringify({ ...key, private_key: pem.replaceAll('PRIVATE', 'RSA PRIVATE') }), 'PKCS #8'],
  ])('%# → a sentence with the next step and nothing of the file', (text, what) => {
    expect(sentence(() => parseServiceAccountFile(text))).toContain(what)
  })
})

describe('a client file', () => {
  it('of a desktop client gives id and secret', () => {
    expect(parseGoogleClientFile(JSON.stringify(client))).toEqual({
      clientId: 'c.apps.googleusercontent.com',
      clientSecret: 'canary',
    })
  })

  it.each([
    [JSON.stringify({ web: client.installed }), 'Web application'],
    [JSON.stringify(key), 'a service account key, not an OAuth client'],
    [JSON.stringify({ installed: { client_secret: 'canary' } }), 'client_id'],
    [JSON.stringify({ other: 'canary' }), 'no Google OAuth client'],
    ['', 'no JSON object'],
  ])('%# → a sentence with the next step and nothing of the file', (text, what) => {
    expect(sentence(() => parseGoogleClientFile(text))).toContain(what)
  })
})
