/** One refusal in the JSON shape of Google's older services, which the calendar is one of. */
export class GoogleError extends Error {
  readonly code: number
  readonly reason: string
  readonly domain: string
  readonly where: ErrorPlace | null
  readonly status: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(code: number, reason: string, message: string, more: ErrorDetails = {}) {
    super(message)
    this.name = 'GoogleError'
    this.code = code
    this.reason = reason
    this.domain = more.domain ?? 'global'
    this.where = more.where ?? null
    this.status = more.status ?? statusNames[code] ?? null
    this.headers = more.headers ?? {}
  }

  body(): unknown {
    return {
      error: {
        code: this.code,
        message: this.message,
        errors: [
          {
            message: this.message,
            domain: this.domain,
            reason: this.reason,
            ...(this.where === null ? {} : { location: this.where.location, locationType: this.where.locationType }),
          },
        ],
        ...(this.status === null ? {} : { status: this.status }),
      },
    }
  }
}

export interface ErrorPlace {
  readonly location: string
  readonly locationType: 'parameter' | 'header'
}

interface ErrorDetails {
  readonly domain?: string
  readonly where?: ErrorPlace
  readonly status?: string
  readonly headers?: Readonly<Record<string, string>>
}

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
}

const parameter = (location: string): ErrorPlace => ({ location, locationType: 'parameter' })

/** 400 with the parameter or field that is wrong. */
export const invalid = (location: string, message = 'Invalid Value', reason = 'invalid') =>
  new GoogleError(400, reason, message, { where: parameter(location) })

export const badRequest = (message = 'Bad Request') => new GoogleError(400, 'badRequest', message)

export const notFound = () => new GoogleError(404, 'notFound', 'Not Found')

export const forbidden = () => new GoogleError(403, 'forbidden', 'Forbidden')

export const requiredAccessLevel = (level: string) =>
  new GoogleError(403, 'requiredAccessLevel', `You need to have ${level} access to this calendar.`, {
    domain: 'calendar',
  })

export const forbiddenForNonOrganizer = () =>
  new GoogleError(
    403,
    'forbiddenForNonOrganizer',
    'Shared properties can only be changed by the organizer of the event.',
    {
      domain: 'calendar',
    },
  )

export const notACalendarUser = () =>
  new GoogleError(403, 'notACalendarUser', 'The user must be signed up for Google Calendar.', { domain: 'calendar' })

export const duplicate = () =>
  new GoogleError(409, 'duplicate', 'The requested identifier already exists.', { status: 'ALREADY_EXISTS' })

export const conditionNotMet = () =>
  new GoogleError(412, 'conditionNotMet', 'Precondition Failed', {
    where: { location: 'If-Match', locationType: 'header' },
  })

/** The sync token is forgotten: everything has to be read again. */
export const fullSyncRequired = () =>
  new GoogleError(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.', {
    domain: 'calendar',
    where: parameter('syncToken'),
  })

export const updatedMinTooLongAgo = () =>
  new GoogleError(410, 'updatedMinTooLongAgo', 'The requested minimum modification time lies too far in the past.', {
    domain: 'calendar',
    where: parameter('updatedMin'),
  })

export const deleted = () => new GoogleError(410, 'deleted', 'Resource has been deleted')

export const unauthenticated = (kind: 'required' | 'authError') =>
  new GoogleError(
    401,
    kind,
    kind === 'required'
      ? 'Request is missing required authentication credential. Expected OAuth 2 access token.'
      : 'Request had invalid authentication credentials. Expected OAuth 2 access token.',
    {
      where: { location: 'Authorization', locationType: 'header' },
      headers: {
        'www-authenticate': `Bearer realm="https://accounts.google.com/"${kind === 'required' ? '' : ', error="invalid_token"'}`,
      },
    },
  )

export const insufficientScopes = () =>
  new GoogleError(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.', {
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"' },
  })
