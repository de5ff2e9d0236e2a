import { padTo, textWidth, wrapTo } from './columns.ts'
import { plainText } from './plain-text.ts'
import { type Ink, inkFor } from './terminal-ink.ts'

export interface ShownDoctor {
  readonly lines: readonly {
    readonly id: string
    readonly state: 'ok' | 'warning' | 'problem' | 'unset'
    readonly name: string
    readonly says: string
    readonly help: string | null
  }[]
  readonly problems: number
  readonly warnings: number
}

/** A line for each thing that was looked at: sign, word, name, how it is; below it the next step. */
export function doctorText({ lines, problems, warnings }: ShownDoctor, look: DoctorLook): string {
  const ink = inkFor(look.color)
  const names = lines.map(({ name }) => plainText(name, longestName))
  const nameWidth = Math.max(8, ...names.map(textWidth))
  // on a narrow terminal a text below its name reads better than a column of single words
  const isNarrow = look.width - margin - nameWidth - 2 < 30
  const indent = isNarrow ? margin : margin + nameWidth + 2
  const shown = lines.flatMap(({ state, says, help }, index) => {
    const { sign, word, paint } = stateWords[state]
    const head = `  ${ink[paint](sign)} ${padTo(word, wordWidth)}  `
    const name = names[index] ?? ''
    const texts = [
      ...wrapTo(plainText(says, longestText), look.width - indent),
      ...(help === null ? [] : wrapTo(`→ ${plainText(help, longestText)}`, look.width - indent)),
    ].map(text => ' '.repeat(indent) + text)
    if (isNarrow) return [head + name, ...texts]
    const [first = '', ...more] = texts
    return [head + padTo(name, nameWidth + 2) + first.slice(indent), ...more]
  })
  return `${[...shown, `  ${sumOf(problems, warnings)}`].join('\n')}\n`
}

export interface DoctorLook {
  readonly width: number
  readonly color: boolean
}

const stateWords: Readonly<
  Record<
    ShownDoctor['lines'][number]['state'],
    { readonly sign: string; readonly word: string; readonly paint: keyof Ink }
  >
> = {
  ok: { sign: '✓', word: 'ok', paint: 'keep' },
  warning: { sign: '!', word: 'warning', paint: 'attention' },
  problem: { sign: '✗', word: 'problem', paint: 'skip' },
  unset: { sign: '–', word: 'not set', paint: 'quiet' },
}

const wordWidth = 7
/** Two cells, the sign, a space, the word, two cells. */
const margin = 2 + 1 + 1 + wordWidth + 2
const longestName = 30
const longestText = 600

function sumOf(problems: number, warnings: number): string {
  if (problems + warnings === 0) return 'Everything that was looked at is fine.'
  return `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}`
}

const counted = (number: number, noun: string) => `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`
