// Which prober runs: ICMP sockets where they may be opened, else the ping program.
import type { Log } from '#lib/log.ts'
import type { Prober, ProberOptions } from '../prober.ts'
import { createIcmpProber } from './icmp/prober.ts'
import { createPingCommandProber } from './ping-command.ts'

export type ProberChoice = 'auto' | 'icmp' | 'ping-command'

const HOW_TO_ALLOW =
  'run as root, or allow it with `sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"`' +
  ' or `sudo setcap cap_net_raw+ep $(readlink -f $(which node))`'

/**
 * Opens the chosen prober, or with `auto` the best that works; rejects with one sentence for the
 * operator when that is none.
 */
export async function openProber(
  choice: ProberChoice,
  options: ProberOptions & { log?: Log },
): Promise<Prober> {
  if (choice === 'ping-command') {
    const advice = 'PROBER=ping-command asks for the slow prober; PROBER=auto takes the fast one.'
    return createPingCommandProber({ ...options, advice })
  }
  try {
    return await createIcmpProber(options)
  } catch (error) {
    const reason = sentenceOf(error)
    const advice =
      process.platform === 'linux' ? `${reason} To ping fast, ${HOW_TO_ALLOW}.` : reason
    if (choice === 'icmp') throw new Error(advice, { cause: error })
    return await openSecondChoice(options, advice)
  }
}

async function openSecondChoice(
  options: ProberOptions & { log?: Log },
  advice: string,
): Promise<Prober> {
  try {
    return await createPingCommandProber({ ...options, advice })
  } catch (error) {
    throw new Error(`Nothing here can ping. ${sentenceOf(error)} ${advice}`, { cause: error })
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
