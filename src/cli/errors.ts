import type { AppErrorCode } from '../app/app-error.ts'
import { AppError } from '../app/app-error.ts'
import { PortError, type PortErrorCode } from '../port-error.ts'
import { CliError, exitCodes } from './command.ts'

/** The one table from what went wrong to the exit code a script sees. */
const portExit: Readonly<Record<PortErrorCode, number>> = {
  'not-found': exitCodes.unreadable,
  malformed: exitCodes.unreadable,
  'too-large': exitCodes.unreadable,
  denied: exitCodes.unreadable,
  failed: exitCodes.unreadable,
  newer: exitCodes.unreadable,
  'read-only': exitCodes.outsideFailed,
  unsupported: exitCodes.outsideFailed,
  busy: exitCodes.outsideFailed,
  full: exitCodes.outsideFailed,
  conflict: exitCodes.outsideFailed,
  unreachable: exitCodes.outsideFailed,
  'cursor-expired': exitCodes.outsideFailed,
  'signed-out': exitCodes.outsideFailed,
  'no-mailbox': exitCodes.outsideFailed,
  rejected: exitCodes.outsideFailed,
  paused: exitCodes.outsideFailed,
}

const appExit: Readonly<Record<AppErrorCode, number>> = {
  'wrong-use': exitCodes.wrongUse,
  unreadable: exitCodes.unreadable,
}

/** Runs a use case for a command; what it throws for people becomes a sentence and an exit code. */
export async function forPeople<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PortError) throw new CliError(portExit[error.code], error.message)
    if (error instanceof AppError) throw new CliError(appExit[error.code], error.message)
    throw error
  }
}
