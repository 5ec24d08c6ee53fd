// Gives each probe to the prober of its kind: echoes to one, handshakes to the other.
import type { Prober } from '../prober.ts'

type Starting = Pick<Prober, 'start' | 'stop'>

export function divideByKind({ echo, tcp }: { echo: Starting; tcp: Starting }): Starting {
  return {
    start(probes) {
      const [echoes, handshakes] = [probes.filter((p) => !p.port), probes.filter((p) => p.port)]
      if (echoes.length > 0) echo.start(echoes)
      if (handshakes.length > 0) tcp.start(handshakes)
    },
    stop(probeIds) {
      echo.stop(probeIds)
      tcp.stop(probeIds)
    },
  }
}
