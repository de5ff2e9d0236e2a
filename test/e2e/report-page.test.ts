import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditReport } from '../../src/domain/reports/audit-report.ts'
import { auditPage } from '../../src/views/audit-page.tsx'
import { cannotSayReport, emptyReport, hostileReport, sampleReport } from '../support/sample-report.ts'

/** A Chromium of the machine; without one these tests are skipped and say so. */
const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .filter(path => path !== undefined)
  .find(path => existsSync(path))

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

describe.skipIf(executablePath === undefined)('the audit page in a browser', () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-page-'))
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: quiet })
  })

  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const looks = (['light', 'dark'] as const).flatMap(scheme => [1280, 375].map(width => [scheme, width] as const))

  test.each(looks)('has no axe violation in %s at %i px, with everything open', async (colorScheme, width) => {
    await opened(sampleReport(), { colorScheme, viewport: { width, height: 900 } }, async page => {
      expect(await violations(page)).toEqual([])
      await openAll(page)
      expect(await violations(page)).toEqual([])
    })
  })

  test('has no axe violation with hostile titles, with nothing counted, or with nothing to judge by', async () => {
    for (const report of [hostileReport(), emptyReport(), cannotSayReport()]) {
      await opened(report, { viewport: { width: 375, height: 900 } }, async page => {
        await openAll(page)
        expect(await violations(page)).toEqual([])
      })
    }
  })

  test('the check for violations finds one that is really there', async () => {
    await opened(sampleReport(), {}, async page => {
      await page.evaluate(`document.querySelector('svg').replaceChildren()`)
      expect(await violations(page)).not.toEqual([])
    })
  })

  test('asks nothing of the network and runs nothing that a title says', async () => {
    await opened(hostileReport(), {}, async (page, asked) => {
      await openAll(page)
      expect(asked.requests.filter(url => !url.startsWith('file:'))).toEqual([])
      expect(asked.dialogs).toEqual([])
      expect(asked.errors).toEqual([])
    })
  })

  test('fits 320 px without scrolling sideways, whatever the titles are', async () => {
    for (const report of [sampleReport(), hostileReport(), emptyReport()]) {
      await opened(report, { viewport: { width: 320, height: 640 } }, async page => {
        await openAll(page)
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
      })
    }
  })

  test('everything one can press is at least 24 px high and wide', async () => {
    await opened(sampleReport(), { viewport: { width: 375, height: 800 } }, async page => {
      await openAll(page)
      const small = await page.evaluate(`
        [...document.querySelectorAll('nav a, button, summary, input, select')]
          .map(element => ({ name: element.textContent, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
          .map(({ name }) => name)
      `)
      expect(small).toEqual([])
    })
  })

  test('by keyboard: the skip link comes first and leads to the audit, and a verdict opens with Enter', async () => {
    await opened(sampleReport(), {}, async page => {
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('Skip to the audit')
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
      expect(outline).toBe('solid')
      await page.keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement.id')).toBe('main')
      const passed: string[] = []
      for (let presses = 0; presses < 40 && !passed.at(-1)?.startsWith('Why, what it costs'); presses++) {
        await page.keyboard.press('Tab')
        passed.push(await focused(page))
      }
      expect(passed).toContain('Open everything')
      expect(passed.at(-1)).toMatch(/^Why, what it costs/)
      await page.keyboard.press('Enter')
      expect(await page.locator('.card').first().getByText('What it costs, step by step').isVisible()).toBe(true)
    })
  })

  test('the filter narrows by words and by section, and says how many are left', async () => {
    await opened(sampleReport(), {}, async page => {
      const visible = () => page.locator('.card:visible h3').allTextContents()
      await page.getByLabel('Words in title, time or kind').fill('ARCHITECTURE')
      expect(await visible()).toEqual(['7 Weekly architecture review'])
      expect(await page.locator('#shown').textContent()).toBe('1 of 13 series shown')
      expect(await page.locator('#improve').isVisible()).toBe(false)
      await page.getByLabel('Words in title, time or kind').fill('')
      await page.getByRole('combobox', { name: 'Section' }).selectOption('improve')
      expect(await visible()).toHaveLength(3)
      await page.getByRole('combobox', { name: 'Section' }).selectOption('')
      expect(await visible()).toHaveLength(13)
    })
  })

  test('one button opens every verdict and closes it again', async () => {
    await opened(sampleReport(), {}, async page => {
      const closed = () => page.locator('.card details:not([open])').count()
      await page.getByRole('button', { name: 'Open everything' }).click()
      expect(await closed()).toBe(0)
      await page.getByRole('button', { name: 'Open everything' }).click()
      expect(await closed()).toBeGreaterThan(13)
    })
  })

  test('words to send are copied as they stand', async () => {
    await opened(sampleReport(), { permissions: ['clipboard-read', 'clipboard-write'] }, async page => {
      await page.locator('.card').first().getByText('Words you can send').click()
      await page.getByRole('button', { name: 'Copy: to sit one out, Platform status round' }).click()
      await expect.poll(() => page.locator('#shown').textContent()).toBe('Copied')
      const words = await page.locator('#decline-1').textContent()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(words)
      expect(words).toContain('I will sit out “Platform status round”')
    })
  })

  test('works without its script: verdicts open, and nothing is shown that needs it', async () => {
    await opened(sampleReport(), { javaScriptEnabled: false }, async page => {
      await page.locator('.card').first().getByText('Why, what it costs').click()
      expect(await page.locator('.card').first().getByText('What it costs, step by step').isVisible()).toBe(true)
      expect(await page.locator('#filter').isVisible()).toBe(false)
      expect(await page.locator('button:visible').count()).toBe(0)
    })
  })

  test('prints to a few pages of A4, dark or light', async () => {
    await opened(sampleReport(), { colorScheme: 'dark' }, async page => {
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
      const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0
      expect(pages).toBeGreaterThanOrEqual(2)
      expect(pages).toBeLessThanOrEqual(7)
      expect(pdf).toMatch(/\/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]/)
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      const ink = await page.evaluate('getComputedStyle(document.body).color')
      expect(ink).toBe('rgb(34, 38, 43)')
    })
  })

  interface Asked {
    readonly requests: string[]
    readonly dialogs: string[]
    readonly errors: string[]
  }

  /** The page of a report from a file, as somebody would open it, in a context of its own. */
  async function opened(
    report: AuditReport,
    options: Parameters<Browser['newContext']>[0],
    look: (page: Page, asked: Asked) => Promise<void>,
  ): Promise<void> {
    const file = join(folder, 'audit.html')
    await writeFile(file, auditPage(report))
    const context: BrowserContext = await browser.newContext(options)
    try {
      const page = await context.newPage()
      const asked: Asked = { requests: [], dialogs: [], errors: [] }
      page.on('request', request => asked.requests.push(request.url()))
      page.on('dialog', dialog => {
        asked.dialogs.push(dialog.message())
        void dialog.dismiss()
      })
      page.on('pageerror', error => asked.errors.push(error.message))
      page.on('console', message => asked.errors.push(message.text()))
      await page.goto(pathToFileURL(file).href)
      await look(page, asked)
    } finally {
      await context.close()
    }
  }
})

/* What runs in the browser is written as text: the program has no DOM types, and should not get them from a test. */

async function openAll(page: Page): Promise<void> {
  await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true`)
}

/** Rules broken with the first place, as `color-contrast: .soft`. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  // Safe because `axe.run` gives this type, here across the browser's boundary.
  const found = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`)) as AxeResults
  return found.violations.map(one => `${one.id}: ${one.nodes[0]?.target.join(' ')} ${one.nodes[0]?.failureSummary}`)
}

async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`document.activeElement.textContent.trim().replace(/\\s+/g, ' ')`)
}
