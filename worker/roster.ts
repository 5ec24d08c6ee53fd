// What this worker has to ping: read from PostgreSQL, kept fresh by channel messages.
import { sql } from 'drizzle-orm'
import { Gauge } from 'prom-client'
import type { ChannelLayer, Undo } from '#lib/channels/layer.ts'
import { WORKERS } from '#lib/channels/names.ts'
import type { Db } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import type { Probe } from './prober.ts'
import type { Shards } from './shards.ts'

/** A probe as it stands in the database: `host` may be a name, `family` 0 means any. */
export type RosterProbe = Omit<Probe, 'address'> & { host: string; family: number }

/** Messages are hints; this catches one that was lost while nobody noticed. */
const REREAD_MS = 15_000

const probesHeld = new Gauge({
  name: 'echowall_probes_held',
  help: 'Probes that this worker has to ping.',
  registers: [registry],
})

export type Roster = {
  /** Reads again soon; calls that come together are one reading. */
  refresh(): void
  close(): Promise<void>
}

export type RosterOptions = {
  db: Db
  channels: ChannelLayer
  shards: Shards
  log: Log
  onStart: (probes: RosterProbe[]) => void
  onStop: (probeIds: number[]) => void
}

/** Rejects where the channel layer cannot be had; later losses are mended by reading again. */
export async function createRoster(options: RosterOptions): Promise<Roster> {
  const { db, channels, shards, log, onStart, onStop } = options
  const known = new Set<number>()
  let reading: Promise<void> | undefined
  let isAskedAgain = false
  let isClosed = false

  const channel = channels.newChannel('roster')
  const undos: Undo[] = [await channels.receive(channel, refresh), channels.on('gap', refresh)]
  await channels.groupAdd(WORKERS, channel)
  const timer = setInterval(refresh, REREAD_MS)

  return {
    refresh,
    async close() {
      isClosed = true
      clearInterval(timer)
      for (const undo of undos) await undo()
      await reading
    },
  }

  function refresh(): void {
    if (isClosed) return
    if (reading) {
      isAskedAgain = true
      return
    }
    reading = read()
      .catch((error: unknown) => log.warn({ err: error }, 'the roster could not be read'))
      .finally(() => {
        reading = undefined
        if (!isAskedAgain) return
        isAskedAgain = false
        refresh()
      })
  }

  async function read(): Promise<void> {
    const probes = (await readRunningProbes(db)).filter((probe) => shards.holds(probe.id))
    if (isClosed) return
    const wanted = new Set(probes.map((probe) => probe.id))
    const gone = [...known].filter((id) => !wanted.has(id))
    const come = probes.filter((probe) => !known.has(probe.id))
    for (const id of gone) known.delete(id)
    for (const probe of come) known.add(probe.id)
    probesHeld.set(known.size)
    if (gone.length > 0) onStop(gone)
    if (come.length > 0) onStart(come)
  }
}

// Leans on target_runs_probe: open runs only. A probe of many groups stands here once.
function readRunningProbes(db: Db): Promise<RosterProbe[]> {
  return db.execute<RosterProbe>(sql`
    select id, host, port, family, interval_ms as "intervalMs", timeout_ms as "timeoutMs",
      payload_bytes as "payloadBytes", ttl, dscp, dont_fragment as "dontFragment"
    from probes p
    where exists (select from target_runs r where r.probe_id = p.id and r.ended_at is null)
    order by id`)
}
