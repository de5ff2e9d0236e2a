import type { ParseArgsConfig } from 'node:util'
import type { CliDeps } from './deps.ts'

/** One subcommand. The module of a command is loaded only when that command runs or its help is asked for. */
export interface Command {
  readonly usage: string
  readonly description: string
  readonly options: readonly CommandOption[]
  readonly examples: readonly { readonly command: string; readonly does: string }[]
  /** Returns the exit code. */
  run(deps: CliDeps, input: CommandInput): Promise<number>
}

export interface CommandOption {
  readonly name: string
  readonly short?: string
  /** Placeholder of the value in help; a switch when absent. */
  readonly value?: string
  readonly multiple?: boolean
  readonly help: string
}

export interface CommandInput {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>
}

export const exitCodes = { done: 0, findings: 1, wrongUse: 2, unreadable: 3, outsideFailed: 4 } as const

/** A wrong call or an input that cannot be read: one sentence for the person, and the exit code that goes with it. */
export class CliError extends Error {
  readonly exitCode: number
  constructor(exitCode: number, sentence: string) {
    super(sentence)
    this.exitCode = exitCode
  }
}

export function wrongUse(sentence: string): CliError {
  return new CliError(exitCodes.wrongUse, sentence)
}

/** The options of a command as `util.parseArgs` wants them. */
export function parseOptions(options: readonly CommandOption[]): NonNullable<ParseArgsConfig['options']> {
  const config: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } }
  for (const option of options) {
    config[option.name] = {
      type: option.value === undefined ? 'boolean' : 'string',
      ...(option.short === undefined ? {} : { short: option.short }),
      ...(option.multiple === true ? { multiple: true } : {}),
    }
  }
  return config
}

/** The text of an option, or null. */
export function textOption(input: CommandInput, name: string): string | null {
  const value = input.values[name]
  return typeof value === 'string' ? value : null
}

export function switchOption(input: CommandInput, name: string): boolean {
  return input.values[name] === true
}

/** A number of at least `least`, or null when not given; otherwise a clear refusal. */
export function numberOption(input: CommandInput, name: string, least: number): number | null {
  const text = textOption(input, name)
  if (text === null) return null
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < least) {
    throw wrongUse(`--${name} takes a number of at least ${least}; "${text}" is not one.`)
  }
  return value
}
