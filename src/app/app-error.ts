export const appErrorCodes = ['wrong-use', 'unreadable'] as const
export type AppErrorCode = (typeof appErrorCodes)[number]

/** Thrown by use cases; each driver translates the code in one table. The message is a sentence for people. */
export class AppError extends Error {
  readonly code: AppErrorCode
  constructor(code: AppErrorCode, sentence: string, options?: { readonly cause?: unknown }) {
    super(sentence, options)
    this.name = 'AppError'
    this.code = code
  }
}
