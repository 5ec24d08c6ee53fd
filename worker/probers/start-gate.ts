// Lets a few through at a time and a bounded number in all: starting a process is dear.

export type StartGate = {
  /**
   * Calls `start` when its turn comes: at once, or when others have left the entrance. The returned
   * function leaves the entrance, and the queue if its turn has not come; calling it twice is fine.
   */
  enter(start: () => void): () => void
}

export function createStartGate(atOnce: number): StartGate {
  const queue = new Set<() => void>()
  const entering = new Set<() => void>()

  return {
    enter(start) {
      const turn = () => start()
      queue.add(turn)
      queueMicrotask(letIn)
      return () => {
        queue.delete(turn)
        if (entering.delete(turn)) letIn()
      }
    },
  }

  function letIn(): void {
    for (const turn of queue) {
      if (entering.size >= atOnce) return
      queue.delete(turn)
      entering.add(turn)
      turn()
    }
  }
}
