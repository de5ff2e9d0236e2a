/** An answer that is no success, in the shape of the vendor. */
export class GraphProblem extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }

  toResponse(requestId: string, at: number): Response {
    const innerError = {
      date: new Date(at).toISOString().slice(0, 19),
      'request-id': requestId,
      'client-request-id': requestId,
    }
    return new Response(JSON.stringify({ error: { code: this.code, message: this.message, innerError } }), {
      status: this.status,
      headers: { 'content-type': 'application/json', 'request-id': requestId, ...this.headers },
    })
  }
}

export const badRequest = (message: string, code = 'ErrorInvalidParameter') => new GraphProblem(400, code, message)

export const itemNotFound = () =>
  new GraphProblem(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')

export const accessDenied = () =>
  new GraphProblem(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
