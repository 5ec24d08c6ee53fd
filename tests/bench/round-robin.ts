// Round-robin files as SmokePing keeps them, made by rrdtool where it is installed.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type RoundRobin = { name: string; bytes: number | null }

const PINGS = Array.from({ length: 20 }, (_, i) => `ping${i + 1}`)

/** SmokePing's own defaults (20 pings in 300 s), and the levels of our history at one second. */
const FILES = [
  {
    name: 'SmokePing’s file: 20 pings in 300 s, its own archives',
    step: 300,
    sources: ['uptime', 'loss', 'median', ...PINGS],
    archives: [
      'AVERAGE:0.5:1:28800',
      'AVERAGE:0.5:12:9600',
      'MIN:0.5:12:9600',
      'MAX:0.5:12:9600',
      'AVERAGE:0.5:144:2400',
      'MAX:0.5:144:2400',
      'MIN:0.5:144:2400',
    ],
  },
  {
    name: 'A round-robin file of round trip and loss at 1 s: averages, least and most',
    step: 1,
    sources: ['loss', 'rtt'],
    archives: [
      'AVERAGE:0.5:1:86400',
      ...['AVERAGE', 'MIN', 'MAX'].flatMap((way) => [
        `${way}:0.5:60:43200`,
        `${way}:0.5:3600:17520`,
      ]),
    ],
  },
]

/** The size of each file, null where rrdtool (Debian's package of that name) is missing. */
export async function measureRoundRobin(): Promise<RoundRobin[]> {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-rrd-'))
  try {
    return await Promise.all(
      FILES.map(async ({ name, step, sources, archives }) => {
        const path = join(folder, `${step}.rrd`)
        const given = [
          ...sources.map((source) => `DS:${source}:GAUGE:${step * 2}:0:U`),
          ...archives.map((archive) => `RRA:${archive}`),
        ]
        if (!hasMade(['create', path, '--step', String(step), ...given]))
          return { name, bytes: null }
        return { name, bytes: (await stat(path)).size }
      }),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function hasMade(words: string[]): boolean {
  try {
    execFileSync('rrdtool', words, { stdio: 'ignore' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
