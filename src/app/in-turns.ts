/** Runs `work` on every value, at most `atOnce` at a time, in their order. */
export async function inTurns<T>(
  values: readonly T[],
  atOnce: number,
  work: (value: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const turn = async () => {
    while (next < values.length) await work(values[next++]!)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, turn))
}
