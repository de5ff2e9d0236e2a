import { type Connected, connectAccount } from '../app/connect/connect-account.ts'
import type { ConnectableAccounts } from '../app/live-accounts.ts'
import { type Tier, tiers } from '../connectors/connector.ts'
import { sha256Hex } from '../sha-256.ts'
import { jsonText } from '../views/json-text.ts'
import { plainText } from '../views/plain-text.ts'
import { type Command, type CommandInput, exitCodes, switchOption, textOption, wrongUse } from './command.ts'
import type { CliDeps } from './deps.ts'
import { forPeople } from './errors.ts'
import { databasePath, dbOption, patientBudget } from './live-options.ts'

/** `minutewise connect google|microsoft|caldav|ics`: a consent becomes an account. */
export const command: Command = {
  usage: 'minutewise connect google|microsoft|caldav|ics [ADDRESS] [options]',
  description:
    'Connects the calendars of an account, read-only unless told otherwise. Connecting the same account again renews its\nconsent. `minutewise sync` then reads it; `minutewise disconnect` gives the consent back and erases everything.',
  options: [
    dbOption,
    {
      name: 'tier',
      value: 'TIER',
      help: 'How much may be read: free-busy, basic (no agenda texts), content (default),\nor write-back (also our own blocks and agenda prompts)',
    },
    { name: 'client', value: 'FILE', help: 'Google: the client file of your OAuth client (client_secret_….json)' },
    {
      name: 'client-id',
      value: 'ID',
      help: 'The OAuth client (default: MINUTEWISE_GOOGLE_CLIENT_ID, MINUTEWISE_GRAPH_CLIENT_ID)',
    },
    { name: 'service-account', value: 'FILE', help: 'Google, whole domain: the key file of a service account' },
    { name: 'admin', value: 'ADDRESS', help: 'Google, whole domain: an admin, for the list of people' },
    { name: 'tenant', value: 'TENANT', help: "Microsoft: your organisation's tenant, id or domain" },
    {
      name: 'application',
      help: 'Microsoft, whole tenant: application permission; the secret is\nMINUTEWISE_GRAPH_CLIENT_SECRET',
    },
    { name: 'user', value: 'NAME', help: 'CalDAV: the user name' },
    {
      name: 'password-file',
      value: 'FILE',
      help: 'CalDAV: a file that holds the password (default: MINUTEWISE_CALDAV_PASSWORD,\nelse asked on the terminal)',
    },
    { name: 'no-browser', help: 'Print the address of the consent page instead of opening it' },
    { name: 'json', help: 'The account as JSON (minutewise/connect/1) on standard output' },
  ],
  examples: [
    {
      command: 'minutewise connect google --client client_secret.json',
      does: 'your own Google calendars, in the browser',
    },
    { command: 'minutewise connect microsoft --client-id 11112222-…', does: 'your own Microsoft 365 calendars' },
    { command: 'minutewise connect caldav https://dav.example.org/ --user ana', does: 'a CalDAV server' },
    { command: 'minutewise connect ics -', does: 'a feed; its secret address is typed, not left in the shell history' },
    {
      command: 'minutewise connect google --service-account key.json --admin it@example.com',
      does: 'everybody of a Google Workspace domain',
    },
  ],
  async run(deps, input) {
    const [provider, ...rest] = input.positionals
    const wanted = provider === undefined || !Object.hasOwn(plans, provider) ? undefined : plans[provider as Wanted]
    if (wanted === undefined) {
      throw wrongUse(
        provider === undefined
          ? 'connect what? google, microsoft, caldav or ics. See minutewise connect --help.'
          : `connect knows no "${provider}"; it takes google, microsoft, caldav or ics.`,
      )
    }
    refuseForeignOptions(provider as Wanted, input)
    const address = rest[0] ?? null
    if (rest.length > 1) throw wrongUse(`connect takes one address; "${rest[1]}" is another.`)
    const tier = tierOption(input)
    const plan = await forPeople(() => wanted(deps, input, { tier, address }))
    const live = await forPeople(() => deps.openLive(databasePath(deps, input)))
    try {
      const consent = await forPeople(() => plan(live))
      const clock = { now: deps.now, sleep: async () => {}, random: Math.random }
      const connected = await forPeople(() =>
        connectAccount({ live, clock }, { ...consent, tier, budget: patientBudget(deps.interrupted()) }),
      )
      if (switchOption(input, 'json')) deps.stdout.write(`${jsonText(connectedJson(connected), 2)}\n`)
      else deps.stdout.write(connectedText(connected, consent.missingScopes))
      return exitCodes.done
    } finally {
      await live.close()
    }
  },
}

type Wanted = 'google' | 'microsoft' | 'caldav' | 'ics'

type Consent = Omit<Parameters<typeof connectAccount>[1], 'tier' | 'budget'> & {
  readonly missingScopes: readonly string[]
}

/** Everything that can be wrong with the call is found before the database is opened; then the consent is asked for. */
type Plan = (
  deps: CliDeps,
  input: CommandInput,
  about: { readonly tier: Tier; readonly address: string | null },
) => Promise<(live: ConnectableAccounts) => Promise<Consent>>

const plans: Readonly<Record<Wanted, Plan>> = { google, microsoft, caldav, ics }

const optionsOf: Readonly<Record<Wanted, readonly string[]>> = {
  google: ['client', 'client-id', 'service-account', 'admin', 'no-browser'],
  microsoft: ['client-id', 'tenant', 'application', 'no-browser'],
  caldav: ['user', 'password-file'],
  ics: [],
}

function refuseForeignOptions(provider: Wanted, input: CommandInput): void {
  const shared = ['db', 'tier', 'json', 'help']
  const foreign = Object.keys(input.values).find(name => !shared.includes(name) && !optionsOf[provider].includes(name))
  if (foreign !== undefined) throw wrongUse(`--${foreign} means nothing to connect ${provider}.`)
}

function tierOption(input: CommandInput): Tier {
  const text = textOption(input, 'tier') ?? 'content'
  const tier = tiers.find(each => each === text)
  if (tier === undefined) throw wrongUse(`--tier takes ${tiers.join(', ')}; "${text}" is none of them.`)
  return tier
}

async function google(deps: CliDeps, input: CommandInput, { tier, address }: { tier: Tier; address: string | null }) {
  const keyFile = textOption(input, 'service-account')
  const admin = textOption(input, 'admin')
  if (keyFile !== null) {
    if (admin === null) {
      throw wrongUse('--service-account needs --admin ADDRESS: somebody of the domain who may list its people.')
    }
    const { parseServiceAccountFile } = await deps.credentialFiles()
    const credential = parseServiceAccountFile(await (await deps.files()).read(keyFile))
    const domain = admin.split('@')[1] ?? admin
    return async (): Promise<Consent> => ({
      provider: 'google',
      subject: admin,
      label: `Google Workspace ${domain}`,
      grant: 'organisation',
      settings: {},
      credential,
      missingScopes: [],
    })
  }
  if (admin !== null) throw wrongUse('--admin goes with --service-account FILE.')
  const client = await googleClient(deps, input)
  return async (live: ConnectableAccounts): Promise<Consent> => {
    const show = consentPage(deps, input)
    const signal = deps.interrupted()
    const signedIn = await live.signIn({ provider: 'google', tier, client, tenant: null, address, show, signal })
    return personal('google', signedIn, {})
  }
}

async function googleClient(deps: CliDeps, input: CommandInput): Promise<{ id: string; secret: string | null }> {
  const file = textOption(input, 'client')
  const given = textOption(input, 'client-id')
  if (file !== null) {
    if (given !== null) throw wrongUse('--client FILE and --client-id say the same thing twice; give one.')
    const { parseGoogleClientFile } = await deps.credentialFiles()
    const { clientId, clientSecret } = parseGoogleClientFile(await (await deps.files()).read(file))
    return { id: clientId, secret: clientSecret }
  }
  const id = given ?? present(deps.env.MINUTEWISE_GOOGLE_CLIENT_ID)
  if (id === null) {
    throw wrongUse(
      'connect google needs an OAuth client of yours: make one of type "Desktop app" under console.cloud.google.com > ' +
        'APIs & Services > Credentials, download its file and give it with --client FILE.',
    )
  }
  return { id, secret: present(deps.env.MINUTEWISE_GOOGLE_CLIENT_SECRET) }
}

async function microsoft(
  deps: CliDeps,
  input: CommandInput,
  { tier, address }: { tier: Tier; address: string | null },
) {
  const id = textOption(input, 'client-id') ?? present(deps.env.MINUTEWISE_GRAPH_CLIENT_ID)
  const tenant = textOption(input, 'tenant')
  if (id === null) {
    throw wrongUse(
      'connect microsoft needs an application of yours: register one under entra.microsoft.com > App registrations, with ' +
        '"Mobile and desktop applications" and the redirect http://localhost, and give its id with --client-id.',
    )
  }
  if (switchOption(input, 'application')) {
    const secret = present(deps.env.MINUTEWISE_GRAPH_CLIENT_SECRET)
    if (tenant === null) throw wrongUse('--application needs --tenant: the organisation that gave the permission.')
    if (secret === null)
      throw wrongUse('--application needs the secret of the application in MINUTEWISE_GRAPH_CLIENT_SECRET.')
    return async (): Promise<Consent> => ({
      provider: 'microsoft',
      subject: null,
      label: `Microsoft 365 ${tenant}`,
      grant: 'organisation',
      settings: { tenant },
      credential: { kind: 'client-secret', tenantId: tenant, clientId: id, clientSecret: secret },
      missingScopes: [],
    })
  }
  return async (live: ConnectableAccounts): Promise<Consent> => {
    const show = consentPage(deps, input)
    const client = { id, secret: null }
    const signal = deps.interrupted()
    const signedIn = await live.signIn({ provider: 'microsoft', tier, client, tenant, address, show, signal })
    return personal('microsoft', signedIn, tenant === null ? {} : { tenant })
  }
}

function personal(
  provider: 'google' | 'microsoft',
  { credential, address, missingScopes }: Awaited<ReturnType<ConnectableAccounts['signIn']>>,
  settings: Readonly<Record<string, string>>,
): Consent {
  return { provider, subject: address, label: address, grant: 'personal', settings, credential, missingScopes }
}

async function caldav(deps: CliDeps, input: CommandInput, { address }: { address: string | null }) {
  const user = textOption(input, 'user')
  if (address === null || user === null) {
    throw wrongUse('connect caldav takes the address of the server and --user NAME.')
  }
  const url = serverAddress(address)
  const password = await caldavPassword(deps, input)
  return async (): Promise<Consent> => ({
    provider: 'caldav',
    subject: user,
    label: `${user} at ${url.host}`,
    grant: 'password',
    // what else stands in the address is not used, and settings are not sealed
    settings: { url: `${url.origin}${url.pathname}` },
    credential: { kind: 'password', userName: user, password },
    missingScopes: [],
  })
}

async function caldavPassword(deps: CliDeps, input: CommandInput): Promise<string> {
  const file = textOption(input, 'password-file')
  if (file !== null) return (await (await deps.files()).read(file)).replace(/\r?\n$/, '')
  const fromEnv = present(deps.env.MINUTEWISE_CALDAV_PASSWORD)
  if (fromEnv !== null) return fromEnv
  const asked = await deps.askSecretly('Password: ')
  if (asked === null || asked === '') {
    throw wrongUse(
      'no password was given. Give --password-file FILE or MINUTEWISE_CALDAV_PASSWORD, or type it on a terminal.',
    )
  }
  return asked
}

async function ics(deps: CliDeps, _input: CommandInput, { address }: { address: string | null }) {
  if (address === null) throw wrongUse('connect ics takes the address of the feed, or - to type it.')
  const typed = address === '-' ? await typedAddress(deps) : address
  const url = serverAddress(typed.replace(/^webcals?:/i, 'https:'))
  const feed = await digest(url.href)
  return async (): Promise<Consent> => ({
    provider: 'ics',
    subject: null,
    label: `feed at ${url.host}`,
    grant: 'address',
    settings: { feed },
    credential: { kind: 'address', url: url.href },
    missingScopes: [],
  })
}

async function typedAddress(deps: CliDeps): Promise<string> {
  const typed = await deps.askSecretly('Address of the feed: ')
  if (typed !== null) return typed.trim()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of deps.stdin()) {
    chunks.push(chunk)
    length += chunk.length
    if (length > longestAddress) throw wrongUse('what came on standard input is longer than any address.')
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return new TextDecoder().decode(bytes).trim()
}

const longestAddress = 8_192

/** The address is never repeated: a feed's is its secret, and passwords stand in addresses. */
function serverAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw wrongUse('that is no web address. It begins with https:// (or webcal://, for a feed).')
  }
  if (url.username !== '' || url.password !== '') {
    throw wrongUse('the address holds a name or a password. Take them out: --user NAME, and the password is asked for.')
  }
  return url
}

/** Two feeds of one host are two accounts; which is which must not tell the address. */
async function digest(text: string): Promise<string> {
  return (await sha256Hex(text)).slice(0, 24)
}

function consentPage(deps: CliDeps, input: CommandInput): (url: string) => Promise<void> {
  return async url => {
    const opened = switchOption(input, 'no-browser') ? false : await deps.openInBrowser(url)
    deps.stderr.write(
      opened
        ? `A page was opened in your browser. If it was not, open this address:\n${url}\n`
        : `Open this address in a browser on this machine:\n${url}\n`,
    )
  }
}

const present = (value: string | undefined): string | null => (value === undefined || value === '' ? null : value)

function connectedText({ account, calendars, renewed }: Connected, missingScopes: readonly string[]): string {
  const label = plainText(account.label, 100)
  const selected = calendars.filter(({ isSelected }) => isSelected)
  const names = selected.slice(0, 5).map(({ name, id }) => plainText(name ?? id, 40))
  const more = selected.length > 5 ? ` and ${selected.length - 5} more` : ''
  return [
    renewed
      ? `The consent of ${label} was renewed (account ${account.id}).`
      : `${label} is connected (account ${account.id}).`,
    selected.length === 0
      ? 'It has no calendar that would be read. `minutewise accounts` shows what there is.'
      : `${selected.length === 1 ? '1 calendar' : `${selected.length} calendars`} will be read: ${names.join(', ')}${more}.`,
    tierText[account.tier],
    ...(account.sentence === null ? [] : [plainText(account.sentence, 400)]),
    ...(missingScopes.length === 0
      ? []
      : [`Not granted: ${missingScopes.join(', ')}. What needs it will say so; connect again to give it.`]),
    'Next: minutewise sync, then minutewise audit --db with the same database.',
    '',
  ].join('\n')
}

const tierText: Readonly<Record<Tier, string>> = {
  'free-busy': 'It may read when somebody is busy, and nothing else.',
  basic: 'It may read titles, people and times; no agenda texts. It may write nothing.',
  content: 'It may read titles, people, times and agenda texts. It may write nothing.',
  'write-back': 'It may read titles, people, times and agenda texts, and write our own blocks and agenda prompts.',
}

function connectedJson({ account, calendars, renewed }: Connected) {
  return {
    schema: 'minutewise/connect/1',
    account: { id: account.id, provider: account.provider, label: account.label, tier: account.tier },
    renewed,
    calendars: calendars.map(({ id, name, isSelected }) => ({ id, name, selected: isSelected })),
  }
}
