import type { Provider } from '../../connectors/connector.ts'

/** Where providers knock, below the public address. `http/webhooks.ts` answers there. */
export const hookPaths = {
  google: '/hooks/google',
  microsoft: '/hooks/microsoft',
  microsoftLifecycle: '/hooks/microsoft/lifecycle',
} as const

export interface HookAddresses {
  readonly address: string
  readonly lifecycleAddress: string
}

/** What a provider is given; null for one that notifies nobody. `publicUrl` as `parsePublicUrl` gives it. */
export function hookAddresses(publicUrl: string, provider: Provider): HookAddresses | null {
  if (provider === 'google') {
    const address = `${publicUrl}${hookPaths.google}`
    return { address, lifecycleAddress: address }
  }
  if (provider !== 'microsoft') return null
  return {
    address: `${publicUrl}${hookPaths.microsoft}`,
    lifecycleAddress: `${publicUrl}${hookPaths.microsoftLifecycle}`,
  }
}

/** The address of ours that providers reach from outside, without a slash at its end; or what is wrong with it. */
export function parsePublicUrl(text: string): { readonly publicUrl: string } | { readonly problem: string } {
  const url = addressOf(text)
  if (url === null) return { problem: 'it is no address; one looks like https://minutewise.example.com' }
  const { protocol, username, password, search, hash, origin, pathname } = url
  if (protocol !== 'https:') return { problem: 'Google and Microsoft notify https addresses alone' }
  if (username !== '' || password !== '')
    return { problem: 'it holds a name or a password, which providers would keep' }
  if (search !== '' || hash !== '') return { problem: 'it may have a path, and neither ? nor #' }
  return { publicUrl: `${origin}${pathname}`.replace(/\/+$/, '') }
}

function addressOf(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
