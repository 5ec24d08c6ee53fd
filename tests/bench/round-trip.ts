// Prints how the engine's round trips compare with ping's, and what a ping costs in CPU.
import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { EchoResult } from '../../worker/prober.ts'
import { createIcmpProber } from '../../worker/probers/icmp/prober.ts'
import { readPingLine } from '../../worker/probers/ping-output.ts'
import { quantile } from './figures.ts'

const run = promisify(execFile)
const WARM_UP_MS = 4_000
const MEASURE_MS = 10_000

async function measure(addresses: string[], intervalMs: number) {
  let results: EchoResult[] = []
  const prober = await createIcmpProber({
    onResults: (batch) => void results.push(...batch),
    onFailure: (error) => console.error(error),
  })
  const probes = addresses.map((address, index) => ({
    id: index + 1,
    address,
    intervalMs,
    timeoutMs: 1_000,
    payloadBytes: 56,
    ttl: 64,
    dscp: 0,
    dontFragment: false,
  }))
  prober.start(probes)
  await pause(WARM_UP_MS)
  results = []
  const before = { ...prober.counters(), cpu: process.cpuUsage() }
  await pause(MEASURE_MS)
  const cpu = process.cpuUsage(before.cpu)
  const after = prober.counters()
  await prober.close()
  const rtts = results.flatMap(({ outcome }) => (outcome.kind === 'reply' ? [outcome.rttUs] : []))
  const sent = after.sent - before.sent
  return {
    per_second: Math.round(sent / (MEASURE_MS / 1_000)),
    cpu_us_a_ping: Number(((cpu.user + cpu.system) / sent).toFixed(1)),
    median_us: quantile(rtts, 0.5),
    p99_us: quantile(rtts, 0.99),
    lost: results.length - rtts.length,
    unsent: after.unsent - before.unsent,
    overdue: after.overdue - before.overdue,
    receive_drops: after.receiveDrops - before.receiveDrops,
  }
}

async function measurePing(address: string) {
  const { stdout } = await run('ping', ['-n', '-i', '0.2', '-c', '50', address])
  const rtts = stdout.split('\n').flatMap((line) => {
    const heard = readPingLine(line)
    return heard?.kind === 'reply' ? [heard.rttMs * 1_000] : []
  })
  return { median_us: quantile(rtts, 0.5), p99_us: quantile(rtts, 0.99) }
}

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => `127.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`)

const rows: Record<string, object> = {}
for (const address of ['127.0.0.1', '::1']) {
  const [engine, ping] = await Promise.all([measure([address], 200), measurePing(address)])
  rows[`ping, ${address}`] = ping
  rows[`engine, ${address}`] = engine
}
for (const count of [1_000, 10_000]) {
  rows[`engine, ${count} addresses, 1 s`] = await measure(many(count), 1_000)
}
console.table(rows)
