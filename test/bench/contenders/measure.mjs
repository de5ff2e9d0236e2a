/**
 * Every contender is a process of its own: it does the work once and prints one line of JSON with the time of the work
 * alone, the peak of its memory, and a digest that shows whether two contenders did the same work.
 */
export async function measure(work) {
  const startedAt = performance.now()
  const digest = await work()
  report(performance.now() - startedAt, digest)
}

/** For work that is measured in pieces. `figures`: what else was measured; unlike the digest, it may differ. */
export function report(ms, digest, figures = {}) {
  const peakMiB = process.resourceUsage().maxRSS / 1024
  process.stdout.write(`${JSON.stringify({ ms, peakMiB, digest, figures })}\n`)
}

/** The window of all calendar benchmarks: a quarter. */
export const windowStartAt = Date.UTC(2026, 0, 1)
export const windowEndAt = Date.UTC(2026, 3, 1)
