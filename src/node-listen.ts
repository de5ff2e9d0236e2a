import { createAdaptorServer } from '@hono/node-server'
import type { ReceiveDeps } from './app/push/receive-notification.ts'
import type { ListenAt, Listener } from './cli/deps.ts'
import { createListener } from './http/app.ts'
import { PortError } from './port-error.ts'

/**
 * The notifications of providers on Node, over plain HTTP: a proxy or a tunnel that speaks https stands in front. Part
 * of the entry.
 *
 * @throws PortError `denied` when the port cannot be had.
 */
export async function listenOnNode(deps: ReceiveDeps, { host, port }: ListenAt): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: createListener(deps).fetch,
    // a knock is a few headers and comes at once; whoever dawdles holds no connection
    serverOptions: { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000, maxHeaderSize: 16_384 },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  }).catch(cause => {
    throw new PortError(
      'denied',
      `Port ${port} on ${host} cannot be listened on (${codeOf(cause)}). Name a free one with --listen.`,
      { cause },
    )
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no reason given'
}
