// Finds or makes the probes of hosts: one row for equal host and parameters in all groups.
import { sql } from 'drizzle-orm'
import type { Tx } from '#lib/db/client.ts'

/**
 * The probe's id of each canonical host, with the group's parameters of now. Two statements
 * whatever the number of hosts.
 */
export async function findOrCreateProbes(
  tx: Tx,
  groupId: string,
  hosts: string[],
): Promise<Map<string, number>> {
  // In the order of hosts, so that two transactions that want the same ones cannot deadlock;
  // those that exist are left out, for each conflict would use up an id.
  await tx.execute(sql`
    insert into probes (kind, host, interval_ms, timeout_ms, payload_bytes, ttl, dscp,
      dont_fragment, family)
    select 'icmp', h.host, g.interval_ms, g.timeout_ms, g.payload_bytes, g.ttl, g.dscp,
      g.dont_fragment, g.family
    from groups g cross join unnest(${sql.param(hosts)}::text[]) as h(host)
    where g.id = ${groupId} and not exists (select from probes p where p.host = h.host and ${IS_SAME})
    order by h.host collate "C"
    on conflict do nothing`)
  // A statement of its own: it also sees what another transaction inserted meanwhile.
  const rows = await tx.execute<{ id: number; host: string }>(sql`
    select p.id, p.host from groups g
    cross join unnest(${sql.param(hosts)}::text[]) as h(host)
    join probes p on p.host = h.host and ${IS_SAME}
    where g.id = ${groupId}`)
  return new Map(rows.map(({ host, id }) => [host, id]))
}

/**
 * Moves the group's targets to the probes of its parameters of now; the ended runs keep what was
 * measured with those before. Gives the small numbers of the targets that moved.
 */
export async function moveToCurrentProbes(
  tx: Tx,
  groupId: string,
): Promise<{ id: string; n: number; state: string }[]> {
  const hosts = await tx.execute<{ host: string }>(sql`
    select distinct p.host from targets t join probes p on p.id = t.probe_id
    where t.group_id = ${groupId} and t.deleted_at is null`)
  const probes = await findOrCreateProbes(
    tx,
    groupId,
    hosts.map(({ host }) => host),
  )
  const moved = await tx.execute<{ id: string; n: number; state: string }>(sql`
    update targets t set probe_id = now.id
    from probes old, unnest(${sql.param([...probes.keys()])}::text[],
      ${sql.param([...probes.values()])}::int[]) as now(host, id)
    where t.group_id = ${groupId} and t.deleted_at is null and old.id = t.probe_id
      and old.host = now.host and now.id <> t.probe_id
    returning t.id, t.n, t.state`)
  return [...moved]
}

// Leans on the unique index probes_identity, which begins with the host.
const IS_SAME = sql`p.kind = 'icmp' and p.interval_ms = g.interval_ms
  and p.timeout_ms = g.timeout_ms and p.payload_bytes = g.payload_bytes and p.ttl = g.ttl
  and p.dscp = g.dscp and p.dont_fragment = g.dont_fragment and p.family = g.family`
