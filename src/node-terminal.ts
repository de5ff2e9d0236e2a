import { spawn } from 'node:child_process'

/**
 * What a terminal on this machine can do besides writing: take a secret, open a browser.
 */

/** A line from the terminal, not shown while it is typed; null when standard input is no terminal. */
export async function askSecretly(prompt: string): Promise<string | null> {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return null
  stderr.write(prompt)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  try {
    let line = ''
    for await (const chunk of stdin) {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n') return line
        if (character === '\u0003' || character === '\u0004') return null
        line = character === '\u007f' || character === '\b' ? [...line].slice(0, -1).join('') : line + character
      }
    }
    return line
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}

/** False when there is no browser to be opened, as on a server. The address is an argument, never a shell's text. */
export async function openInBrowser(url: string): Promise<boolean> {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open']
  if (process.platform === 'linux' && process.env.DISPLAY === undefined && process.env.WAYLAND_DISPLAY === undefined)
    return false
  return await new Promise(resolve => {
    const opener = spawn(command!, [...args, url], {
      stdio: 'ignore',
      detached: true,
      env: withoutSecrets(process.env),
    })
    opener.once('error', () => resolve(false))
    opener.once('spawn', () => {
      opener.unref()
      resolve(true)
    })
  })
}

/** Our variables hold keys and passwords, and a browser stays when we are gone. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('MINUTEWISE_')))
}
