// What the world sees of groups: one group is one card on the wall.
import { z } from 'zod'
import { Person } from '#lib/accounts/contract.ts'
import { pageLimit } from '#lib/page.ts'
import { AddedTarget, Hosts, Id, oneLine, Skipped, Stream } from '#lib/targets/contract.ts'
import { LENGTHS, PING_BOUNDS } from '#lib/vocabulary.ts'

const bounded = ({ min, max }: { min: number; max: number }) => z.int().min(min).max(max)

export const PingParameters = z.strictObject({
  interval_ms: bounded(PING_BOUNDS.intervalMs),
  timeout_ms: bounded(PING_BOUNDS.timeoutMs),
  payload_bytes: bounded(PING_BOUNDS.payloadBytes),
  ttl: bounded(PING_BOUNDS.ttl),
  dscp: bounded(PING_BOUNDS.dscp),
  dont_fragment: z.boolean(),
  /** Which addresses of a host name are pinged. */
  family: z.union([z.literal('any'), z.literal(4), z.literal(6)]),
})
export type PingParameters = z.infer<typeof PingParameters>

export const DEFAULT_PARAMETERS: PingParameters = {
  interval_ms: PING_BOUNDS.intervalMs.fallback,
  timeout_ms: PING_BOUNDS.timeoutMs.fallback,
  payload_bytes: PING_BOUNDS.payloadBytes.fallback,
  ttl: PING_BOUNDS.ttl.fallback,
  dscp: PING_BOUNDS.dscp.fallback,
  dont_fragment: false,
  family: 'any',
}

const Visibility = z.enum(['private', 'public'])
export const GroupRole = z.enum(['owner', 'editor', 'viewer'])
export type GroupRole = z.infer<typeof GroupRole>

/** What is the same for everyone who sees the group. */
export const Group = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  owner: Person,
  visibility: Visibility,
  parameters: PingParameters,
  target_count: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})
export type Group = z.infer<typeof Group>

/** A group together with what the asking person may do with it. */
export const MyGroup = Group.extend({ role: GroupRole })
export type MyGroup = z.infer<typeof MyGroup>

const name = oneLine(LENGTHS.groupName).min(1)

export const NewGroup = z.strictObject({
  /** Made by the browser (UUIDv7), so that repeating the request changes nothing. */
  id: Id.optional(),
  name,
  parameters: PingParameters.partial().optional(),
  hosts: Hosts.optional(),
})
export type NewGroup = z.infer<typeof NewGroup>

export const CreatedGroup = MyGroup.extend({
  added: z.array(AddedTarget),
  skipped: z.array(Skipped),
  stream: Stream,
})
export type CreatedGroup = z.infer<typeof CreatedGroup>

export const GroupPatch = z.strictObject({
  name: name.optional(),
  parameters: PingParameters.partial().optional(),
})
export type GroupPatch = z.infer<typeof GroupPatch>

export const GroupPage = z.strictObject({
  /** The id of the last group seen. */
  cursor: Id.optional(),
  limit: pageLimit({ most: 1_000, fallback: 100 }),
})
export type GroupPage = z.infer<typeof GroupPage>
