// Finds or makes the probes of endpoints: one row for equal parameters in all groups.
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '#lib/db/client.ts'
import { canonicalOf, type Endpoint, endpointOf } from './endpoint.ts'

/**
 * The probe's id of each canonical text, with the group's parameters of now. Two statements
 * whatever the number of them.
 */
export async function findOrCreateProbes(
  tx: Tx,
  groupId: string,
  canonicals: string[],
): Promise<Map<string, number>> {
  const wanted = columnsOf(canonicals.map(endpointOf))
  // In the order of hosts, so that two transactions that want the same ones cannot deadlock;
  // those that exist are left out, for each conflict would use up an id.
  await tx.execute(sql`
    insert into probes (kind, host, port, interval_ms, timeout_ms, payload_bytes, ttl, dscp,
      dont_fragment, family)
    select e.kind, e.host, e.port, g.interval_ms, g.timeout_ms, g.payload_bytes, g.ttl, g.dscp,
      g.dont_fragment, g.family
    from groups g cross join unnest(${wanted}) as e(kind, host, port)
    where g.id = ${groupId} and not exists (select from probes p where ${IS_SAME})
    order by e.host collate "C", e.kind, e.port
    on conflict do nothing`)
  // A statement of its own: it also sees what another transaction inserted meanwhile.
  const rows = await tx.execute<Endpoint & { id: number }>(sql`
    select p.id, p.kind, p.host, p.port from groups g
    cross join unnest(${wanted}) as e(kind, host, port)
    join probes p on ${IS_SAME}
    where g.id = ${groupId}`)
  return new Map(rows.map((row) => [canonicalOf(row), row.id]))
}

/**
 * Moves the group's targets to the probes of its parameters of now; the ended runs keep what was
 * measured with those before. Gives the small numbers of the targets that moved.
 */
export async function moveToCurrentProbes(
  tx: Tx,
  groupId: string,
): Promise<{ id: string; n: number; state: string }[]> {
  const endpoints = await tx.execute<Endpoint>(sql`
    select distinct p.kind, p.host, p.port from targets t join probes p on p.id = t.probe_id
    where t.group_id = ${groupId} and t.deleted_at is null`)
  const probes = await findOrCreateProbes(tx, groupId, endpoints.map(canonicalOf))
  const current = columnsOf([...probes.keys()].map(endpointOf))
  const moved = await tx.execute<{ id: string; n: number; state: string }>(sql`
    update targets t set probe_id = now.id
    from probes old, unnest(${current}, ${sql.param([...probes.values()])}::int[])
      as now(kind, host, port, id)
    where t.group_id = ${groupId} and t.deleted_at is null and old.id = t.probe_id
      and old.kind = now.kind and old.host = now.host and old.port = now.port
      and now.id <> t.probe_id
    returning t.id, t.n, t.state`)
  return [...moved]
}

// Leans on the unique index probes_identity, which begins with the host.
const IS_SAME = sql`p.host = e.host and p.kind = e.kind and p.port = e.port
  and p.interval_ms = g.interval_ms
  and p.timeout_ms = g.timeout_ms and p.payload_bytes = g.payload_bytes and p.ttl = g.ttl
  and p.dscp = g.dscp and p.dont_fragment = g.dont_fragment and p.family = g.family`

function columnsOf(endpoints: readonly Endpoint[]): SQL {
  const column = <K extends keyof Endpoint>(name: K) => sql.param(endpoints.map((e) => e[name]))
  return sql`${column('kind')}::text[], ${column('host')}::text[], ${column('port')}::int[]`
}
