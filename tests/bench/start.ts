// Prints how soon the program is ready, and a thousand addresses live, also after a kill.
import { countAnswering, openReader } from '../support/live-reader.ts'
import { signIn } from '../support/person.ts'
import { startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const RUNS = 5
const TARGETS = 1_000
const LIMIT_MS = 30_000

const runs: Record<string, number>[] = []
for (let run = 0; run < RUNS; run += 1) runs.push(await measure())
for (const name of Object.keys(runs[0] ?? {})) {
  const sorted = runs.map((run) => run[name] ?? Number.NaN).sort((a, b) => a - b)
  const [least, median, most] = [sorted[0], sorted[RUNS >> 1], sorted[RUNS - 1]]
  console.log(`${name.padEnd(44)} median ${median} ms (${least} to ${most}, ${RUNS} runs)`)
}

async function measure(): Promise<Record<string, number>> {
  const startedMs = performance.now()
  const program = await startProgram()
  const readyMs = performance.now() - startedMs
  try {
    const person = await signIn(program.url)
    const group = await person.post<{ id: string }>('/api/groups', { name: 'a thousand' })
    const reader = await openReader('websocket', program.url, person)
    await reader.send({ type: 'follow', topic: `group:${group.id}` })
    await reader.next('snapshot')
    const live = (sinceMs: number) => countAnswering(reader.frames, sinceMs)

    const hosts = [...Array(TARGETS).keys()].map((i) => `127.1.${i >> 8}.${i & 255}`)
    const askedMs = performance.now()
    await person.post(`/api/groups/${group.id}/targets`, { hosts })
    const answeredMs = performance.now()
    await until(() => live(0) === TARGETS, LIMIT_MS)
    const liveMs = performance.now() - answeredMs

    const killedMs = Date.now()
    process.kill(await program.pid('worker'), 'SIGKILL')
    // What was on its way when the worker died may still arrive: only later echoes count.
    await until(() => live(killedMs + 500) === TARGETS, LIMIT_MS)
    const coveredMs = Date.now() - killedMs
    reader.close()
    return rounded({
      'ready after a start with an empty database': readyMs,
      'a thousand addresses: answered after': answeredMs - askedMs,
      'all live after the answer': liveMs,
      'all covered again after kill -9 of the worker': coveredMs,
    })
  } finally {
    await program.stop()
  }
}

function rounded(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, ms]) => [name, Math.round(ms)]))
}
