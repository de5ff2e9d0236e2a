import { PortError } from '../../port-error.ts'

/** What the file system said, as a sentence with the next step. */
export function fileProblem(path: string, error: unknown): PortError {
  if (error instanceof PortError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const cause = { cause: error }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new PortError('not-found', `There is no file ${path}. Check the path.`, cause)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new PortError('denied', `This user may not read or write ${path}. Change its permissions.`, cause)
    case 'EISDIR':
      return new PortError('malformed', `${path} is a folder; name a file in it.`, cause)
    case 'ENOSPC':
      return new PortError('full', `There is no space left to write ${path}. Free some and run this again.`, cause)
    default:
      return new PortError(
        'failed',
        `${path} could not be read or written (${String(code ?? 'no reason given')}).`,
        cause,
      )
  }
}
