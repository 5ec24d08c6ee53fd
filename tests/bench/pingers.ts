// Who is compared: our engine, fping spreading and bursting, a ping for each address.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { EngineReport, EngineTask } from './engine-child.ts'
import { quantile } from './figures.ts'

/** `cpuUs` of all the processes it took, an echo, `kernelUs` of it in the kernel. */
export type PingerFigures = {
  sent: number
  lost: number
  cpuUs: number
  kernelUs: number
  p50Us: number
}

const ENGINE = new URL('./engine-child.ts', import.meta.url).pathname
/** Its sequence numbers are used up by 65,535 echoes in ten seconds. */
const MOST_PER_FPING = 5_000

/** Runs the engine, behind a command such as `ip netns exec …` where one is given. */
export async function runEngine(task: EngineTask, inside: string[] = []): Promise<EngineReport> {
  const command = [...inside, process.execPath, '--import', 'tsx', ENGINE]
  return JSON.parse((await run(command, JSON.stringify(task))).stdout)
}

/** One echo a second to each; `pauseMs` between two packets spreads or, when 0, bursts. */
export async function runFping(
  addresses: string[],
  { pauseMs, seconds }: { pauseMs: number; seconds: number },
): Promise<PingerFigures> {
  const processes = Math.ceil(addresses.length / MOST_PER_FPING)
  const share = Math.ceil(addresses.length / processes)
  const options = `-q -c ${seconds} -p 1000 -t 1000 -i ${pauseMs * processes}`
  const commands = Array.from({ length: processes }, (_, i) => {
    const list = addresses.slice(i * share, (i + 1) * share).join('\n')
    return `fping ${options} <<'END' 2>&1 &\n${list}\nEND`
  })
  const output = await runInShell(commands)
  const lines = [...output.matchAll(/= (\d+)\/(\d+)\/\S+(?: min\/avg\/max = [\d.]+\/([\d.]+))?/g)]
  return figuresOf(
    output,
    lines.map(([, sent, received, averageMs]) => ({
      sent: Number(sent),
      lost: Number(sent) - Number(received),
      averageUs: Number(averageMs) * 1_000,
    })),
  )
}

export async function runPings(addresses: string[], seconds: number): Promise<PingerFigures> {
  const output = await runInShell(addresses.map((a) => `ping -n -q -c ${seconds} -i 1 ${a} &`))
  const sent = [...output.matchAll(/(\d+) packets transmitted, (\d+) received/g)]
  const averages = [...output.matchAll(/rtt \S+ = [\d.]+\/([\d.]+)/g)]
  return figuresOf(
    output,
    sent.map(([, count, received], i) => ({
      sent: Number(count),
      lost: Number(count) - Number(received),
      averageUs: Number(averages[i]?.[1]) * 1_000,
    })),
  )
}

function figuresOf(
  output: string,
  rows: { sent: number; lost: number; averageUs: number }[],
): PingerFigures {
  const sent = rows.reduce((sum, row) => sum + row.sent, 0)
  const { user, kernel } = cpuSecondsOfChildren(output)
  return {
    sent,
    lost: rows.reduce((sum, row) => sum + row.lost, 0),
    cpuUs: ((user + kernel) * 1e6) / sent,
    kernelUs: (kernel * 1e6) / sent,
    p50Us: quantile(
      rows.map(({ averageUs }) => averageUs),
      0.5,
    ),
  }
}

// The last line of the shell's `times`: user and system time of its children, as 0m1.234s.
function cpuSecondsOfChildren(output: string): { user: number; kernel: number } {
  const times = [...output.trimEnd().matchAll(/(\d+)m([\d.]+)s/g)].slice(-2)
  const [user = Number.NaN, kernel = Number.NaN] = times.map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return { user, kernel }
}

async function runInShell(commands: string[]): Promise<string> {
  return (await run(['bash', '-s'], [...commands, 'wait', 'times'].join('\n'))).stdout
}

async function run([program = '', ...args]: string[], input: string): Promise<{ stdout: string }> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(input)
  const gone = new Promise((resolve) => child.once('close', resolve))
  const stdout = await text(child.stdout)
  await gone
  return { stdout }
}
