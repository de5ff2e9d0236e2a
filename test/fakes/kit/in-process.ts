import type { FaultPlan } from './faults.ts'

/**
 * A fake as a `fetch`, with its faults and without a socket: for tests that ask thousands of times. What a client can
 * see of a fault is the same as over the wire.
 */
export function inProcess(
  app: { fetch(request: Request): Response | Promise<Response> },
  faults: FaultPlan,
): { readonly fetch: typeof fetch; readonly requests: string[] } {
  const requests: string[] = []
  return {
    requests,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { pathname, search } = new URL(request.url)
      const asked = `${request.method} ${pathname}${search}`
      requests.push(asked)
      const body = request.method === 'GET' ? undefined : await request.text()
      const again = () =>
        app.fetch(
          new Request(request.url, {
            method: request.method,
            headers: request.headers,
            ...(body === undefined ? {} : { body }),
          }),
        )
      const action = faults.next(asked)
      switch (action?.kind) {
        case 'reset':
          throw broken('ECONNRESET')
        case 'status':
          return new Response(typeof action.body === 'string' ? action.body : JSON.stringify(action.body ?? {}), {
            status: action.status,
            headers: { 'content-type': 'application/json', ...action.headers },
          })
        case 'lost-answer':
          await again()
          throw broken('ECONNRESET')
        case 'malformed': {
          const { status } = await again()
          return new Response(status === 204 ? null : '<html>502 Bad Gateway</html>', { status })
        }
        case 'truncate': {
          const answer = await again()
          const text = await answer.text()
          return new Response(cut(text), { status: answer.status, headers: answer.headers })
        }
        case 'duplicate':
          await again()
          return await again()
        default:
          return await again()
      }
    },
  }
}

/** As undici reports a connection that broke. */
function broken(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`socket: ${code}`), { code }) })
}

/** Half of a body, and then the connection breaks. */
function cut(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, Math.floor(bytes.length / 2)))
    },
    pull(controller) {
      controller.error(
        new TypeError('terminated', {
          cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
        }),
      )
    },
  })
}
