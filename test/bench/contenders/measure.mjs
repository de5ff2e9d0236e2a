/**
 * Every contender is a process of its own: it does the work once and prints one line of JSON with the time of the work
 * alone, the peak of its memory, and a digest that shows whether two contenders did the same work.
 */
export async function measure(work) {
  const startedAt = performance.now()
  const digest = await work()
  const ms = performance.now() - startedAt
  process.stdout.write(`${JSON.stringify({ ms, peakMiB: process.resourceUsage().maxRSS / 1024, digest })}\n`)
}

/** The window of all calendar benchmarks: a quarter. */
export const windowStartAt = Date.UTC(2026, 0, 1)
export const windowEndAt = Date.UTC(2026, 3, 1)
