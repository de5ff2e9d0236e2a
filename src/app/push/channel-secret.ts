import { sha256Hex } from '../../sha-256.ts'

/** 32 random bytes as base64url: 43 characters, which both providers take and send back as they are. */
export function newSecret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)))
}

/** 24 random bytes as base64url: within the 64 characters that Google takes. */
export function newChannelId(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(24)))
}

/** SHA-256 in hex. Plain, since the secret is random: there is nothing to guess from. */
export async function hashOfSecret(secret: string): Promise<string> {
  return await sha256Hex(secret)
}

/**
 * Whether what was sent is the secret behind a hash; against no hash the same work is done and the answer is no. Takes
 * the same time wherever the two differ: what is compared is the hash, of which nobody outside can choose a part.
 */
export async function isSecretOf(sent: string, hash: string | null): Promise<boolean> {
  const known = hash?.length === hashLength ? hash : null
  const expected = known ?? '0'.repeat(hashLength)
  const given = await hashOfSecret(sent)
  let difference = 0
  for (let index = 0; index < hashLength; index++) difference |= given.charCodeAt(index) ^ expected.charCodeAt(index)
  return difference === 0 && known !== null
}

const hashLength = 64

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
