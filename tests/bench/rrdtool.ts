// One rrdtool that is asked line by line: no answer waits for a process to start.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export type Rrdtool = {
  /** Resolves with the lines of the answer; throws what rrdtool says of a faulty line. */
  ask(...words: string[]): Promise<string[]>
  close(): Promise<void>
}

/** In this folder; undefined where Debian's package of that name is not installed. */
export async function openRrdtool(folder: string): Promise<Rrdtool | undefined> {
  const child = spawn('rrdtool', ['-'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = once(child, 'close')
  gone.catch(() => {})
  // Ctrl-C ends it too: who asks then hears that it has ended.
  child.stdin.on('error', () => {})
  try {
    await once(child, 'spawn')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  return {
    async ask(...words) {
      child.stdin.write(`${words.join(' ')}\n`)
      const answer: string[] = []
      for (;;) {
        const { value, done } = await lines.next()
        if (done) throw new Error('rrdtool has ended.')
        if (value.startsWith('ERROR')) throw new Error(`rrdtool: ${value}`)
        // The times it has used so far: the end of an answer.
        if (value.startsWith('OK u:')) return answer
        answer.push(value)
      }
    },
    async close() {
      child.stdin.end('quit\n')
      await gone
    },
  }
}
