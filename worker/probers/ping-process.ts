// One address's ping: started again when it dies, read by line, killed at the end.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createBackoff } from '#lib/backoff.ts'
import type { Clock } from '#lib/clock.ts'
import type { EchoResult, Probe } from '../prober.ts'
import { createPingLedger, type PingLedger } from './ping-ledger.ts'
import { readPingLine } from './ping-output.ts'
import { type PingProgram, pingEnvironment } from './ping-program.ts'
import type { StartGate } from './start-gate.ts'

export type PingProcess = {
  counters(): ReturnType<PingLedger['counters']>
  /** Resolves when the process is gone. */
  close(): Promise<void>
}

export type PingProcessOptions = {
  probe: Probe
  program: PingProgram
  gate: StartGate
  clock: Clock
  onResult: (result: EchoResult) => void
}

const BACKOFF = { firstMs: 500, limitMs: 60_000 }
const HEALTHY_AFTER_MS = 10_000

type Counters = ReturnType<PingLedger['counters']>

export function createPingProcess(options: PingProcessOptions): PingProcess {
  const { probe, program, gate, clock, onResult } = options
  const backoff = createBackoff(BACKOFF)
  let former: Counters = { sent: 0, late: 0, duplicates: 0, unsent: 0 }
  let ledger: PingLedger | undefined
  let child: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let isOpen = true
  let leaveGate = gate.enter(start)

  return {
    counters: () => (ledger ? add(former, ledger.counters()) : former),
    async close() {
      isOpen = false
      clearTimeout(timer)
      leaveGate()
      const running = child
      if (!running) return
      const gone = new Promise((resolve) => running.once('close', resolve))
      running.kill('SIGKILL')
      await gone
    },
  }

  function start(): void {
    const [command, ...args] = program.commandFor(probe)
    const started = spawn(command, args, {
      env: pingEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    const startedAtMs = clock.steadyMs()
    const { firstSequence } = program
    const accounts = createPingLedger({ probe, firstSequence, startedAtMs, onResult })
    ledger = accounts
    readLines(started, (text) => {
      leaveGate()
      const line = isOpen ? readPingLine(text) : undefined
      if (!line) return
      accounts.enter(line, steadyAt(line.printedAtMs))
      awaitDue(accounts)
    })
    started.once('error', end)
    started.once('close', end)
    awaitDue(accounts)

    function end(): void {
      started.removeAllListeners('error').removeAllListeners('close')
      if (clock.steadyMs() - startedAtMs > HEALTHY_AFTER_MS) backoff.reset()
      endProcess()
    }
  }

  // What the dead process had under way is not measured: nobody listens for it.
  function endProcess(): void {
    if (ledger) former = add(former, ledger.counters())
    child = undefined
    ledger = undefined
    clearTimeout(timer)
    leaveGate()
    if (!isOpen) return
    timer = setTimeout(() => {
      leaveGate = gate.enter(start)
    }, backoff.nextMs())
  }

  // After a standstill the timers come first: the lines that wait in the pipe are read before them.
  function awaitDue(accounts: PingLedger): void {
    clearTimeout(timer)
    const waitMs = Math.max(1, accounts.dueMs() - clock.steadyMs())
    timer = setTimeout(() => setImmediate(settleDue, accounts), waitMs)
  }

  function settleDue(accounts: PingLedger): void {
    if (!isOpen || ledger !== accounts) return
    accounts.settleDue(clock.steadyMs())
    awaitDue(accounts)
  }

  function steadyAt(printedAtMs: number | undefined): number {
    const ageMs = printedAtMs === undefined ? 0 : clock.wallMs() - printedAtMs
    return clock.steadyMs() - Math.max(0, ageMs)
  }
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const input of [child.stdout, child.stderr]) {
    if (input) createInterface({ input }).on('line', onLine)
  }
}

function add(a: Counters, b: Counters): Counters {
  return {
    sent: a.sent + b.sent,
    late: a.late + b.late,
    duplicates: a.duplicates + b.duplicates,
    unsent: a.unsent + b.unsent,
  }
}
