import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'

/**
 * JSON Schemas made from the types that the vendors publish on npm, on first use and then from a cache: every answer of
 * our fakes is held against them, so that a fake cannot drift into a service of its own.
 */
export interface VendorTypes {
  /** TypeScript source that exports the wanted names from the vendor's package. */
  readonly source: string
  /** `name@version` of the package, for the cache. */
  readonly packageVersion: string
}

export type Conforms = (name: string, value: unknown) => void

/**
 * A check that throws with the first problems when a value is not of the exported type `name`. Exported names must
 * differ from every name of the vendor's own: `GraphEvent`, not `Event`.
 */
export async function vendorSchemas(types: VendorTypes): Promise<Conforms> {
  const schema = await schemaOf(types)
  const ajv = new Ajv({ strict: false, allErrors: true })
  ajv.addSchema(schema, 'vendor')
  const checks = new Map<string, ValidateFunction>()
  return (name, value) => {
    let check = checks.get(name)
    if (check === undefined) {
      check = ajv.compile({ $ref: `vendor#/definitions/${encodeURIComponent(name)}` })
      checks.set(name, check)
    }
    // as it goes over the wire: no undefined
    if (check(JSON.parse(JSON.stringify(value)))) return
    const problems = (check.errors ?? [])
      .slice(0, 5)
      .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    throw new Error(`The fake's answer is no ${name}:\n${problems.join('\n')}`)
  }
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

async function schemaOf({ source, packageVersion }: VendorTypes): Promise<Record<string, unknown>> {
  const folder = join(root, 'node_modules', '.cache', 'minutewise')
  const key = createHash('sha256').update(`${packageVersion}\n${source}`).digest('hex').slice(0, 16)
  const cached = join(folder, `${key}.schema.json`)
  if (!existsSync(cached)) {
    mkdirSync(folder, { recursive: true })
    const input = join(folder, `${key}.ts`)
    writeFileSync(input, source)
    const { createGenerator } = await import('ts-json-schema-generator')
    const made = createGenerator({
      path: input,
      type: '*',
      expose: 'export',
      additionalProperties: false,
      skipTypeCheck: true,
      tsconfig: tsconfigIn(dirname(input)),
    }).createSchema('*')
    // two test files may come here at once: whole files only
    const half = `${cached}.${process.pid}`
    writeFileSync(half, JSON.stringify(made))
    renameSync(half, cached)
  }
  // Safe because the generator wrote it.
  return JSON.parse(readFileSync(cached, 'utf8')) as Record<string, unknown>
}

function tsconfigIn(folder: string): string {
  const path = join(folder, 'tsconfig.json')
  writeFileSync(
    path,
    JSON.stringify({
      compilerOptions: { strict: true, module: 'NodeNext', moduleResolution: 'NodeNext', skipLibCheck: true },
      include: ['*.ts'],
    }),
  )
  return path
}
