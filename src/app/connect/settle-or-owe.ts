import { PortError } from '../../port-error.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'

/**
 * Rewrites the file, so that nothing erased is left in it. While another process reads that cannot be done: the next
 * sync does it, since it is written down.
 */
export async function settleOrOwe(mirror: MirrorStore): Promise<void> {
  try {
    await mirror.settle()
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== 'busy') throw error
  }
}
