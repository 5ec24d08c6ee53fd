// The whole data model on one page.
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

/** One step of a path: the router, or the host itself, that answered an echo of so small a TTL. */
export type Hop = { ttl: number; from: string | null; code?: number }

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

// ── People ───────────────────────────────────────────────────────────────────────────────────

export const users = pgTable('users', {
  id: uuid('id').primaryKey(),
  employeeNo: text('employee_no').notNull().unique(),
  name: text('name').notNull(),
  role: text('role', { enum: ['member', 'admin'] }).notNull(),
  passwordHash: text('password_hash'),
  disabledAt: moment('disabled_at'),
  createdAt: moment('created_at').notNull().defaultNow(),
})

export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    userAgent: text('user_agent').notNull(),
    address: text('address').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (t) => [index('sessions_user').on(t.userId)],
)

// Failed sign-ins are counted per account and per address; the key is a hash, never the name.
export const signInFailures = pgTable('sign_in_failures', {
  key: text('key').primaryKey(),
  failures: integer('failures').notNull(),
  expiresAt: moment('expires_at').notNull(),
})

// One-time secrets (the set-up link); only a hash is kept.
export const oneTimeTokens = pgTable('one_time_tokens', {
  hash: text('hash').primaryKey(),
  purpose: text('purpose', { enum: ['setup'] }).notNull(),
  expiresAt: moment('expires_at').notNull(),
})

export const auditEvents = pgTable(
  'audit_events',
  {
    id: uuid('id').primaryKey(),
    at: moment('at').notNull().defaultNow(),
    actorId: uuid('actor_id'),
    action: text('action').notNull(),
    subjectId: uuid('subject_id'),
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index('audit_events_subject').on(t.subjectId, t.at)],
)

// ── Groups and what they ping ────────────────────────────────────────────────────────────────

export const groups = pgTable(
  'groups',
  {
    id: uuid('id').primaryKey(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    visibility: text('visibility', { enum: ['private', 'public'] }).notNull(),
    intervalMs: integer('interval_ms').notNull(),
    timeoutMs: integer('timeout_ms').notNull(),
    payloadBytes: integer('payload_bytes').notNull(),
    ttl: smallint('ttl').notNull(),
    dscp: smallint('dscp').notNull(),
    dontFragment: boolean('dont_fragment').notNull(),
    /** 0 means any. */
    family: smallint('family').notNull(),
    /** The next target's number; numbers are given once and never reused. */
    nextN: integer('next_n').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [index('groups_owner').on(t.ownerId)],
)

export const memberships = pgTable(
  'memberships',
  {
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role', { enum: ['viewer', 'editor'] }).notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.userId] }), index('memberships_user').on(t.userId)],
)

// Which groups stand on whose wall, and in which order (a fraction between two neighbours).
export const cards = pgTable(
  'cards',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    position: doublePrecision('position').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.groupId] })],
)

// What is really pinged: one row for equal host and parameters, however many groups hold it.
export const probes = pgTable(
  'probes',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    kind: text('kind', { enum: ['icmp', 'tcp'] }).notNull(),
    /** Canonical: an IP literal in RFC 5952 form or a lower-case name. */
    host: text('host').notNull(),
    /** 0 where the kind knows none. */
    port: integer('port').notNull().default(0),
    intervalMs: integer('interval_ms').notNull(),
    timeoutMs: integer('timeout_ms').notNull(),
    payloadBytes: integer('payload_bytes').notNull(),
    ttl: smallint('ttl').notNull(),
    dscp: smallint('dscp').notNull(),
    dontFragment: boolean('dont_fragment').notNull(),
    family: smallint('family').notNull(),
  },
  (t) => [
    uniqueIndex('probes_identity').on(
      t.host,
      t.kind,
      t.port,
      t.intervalMs,
      t.timeoutMs,
      t.payloadBytes,
      t.ttl,
      t.dscp,
      t.dontFragment,
      t.family,
    ),
  ],
)

// Where the name of a probe has led: one row a change, so that a move can be told from an outage.
export const probeAddresses = pgTable(
  'probe_addresses',
  {
    probeId: integer('probe_id')
      .notNull()
      .references(() => probes.id, { onDelete: 'cascade' }),
    since: moment('since').notNull(),
    address: text('address').notNull(),
  },
  (t) => [primaryKey({ columns: [t.probeId, t.since] })],
)

export const targets = pgTable(
  'targets',
  {
    id: uuid('id').primaryKey(),
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    probeId: integer('probe_id')
      .notNull()
      .references(() => probes.id),
    n: integer('n').notNull(),
    /** As typed. */
    host: text('host').notNull(),
    label: text('label').notNull(),
    position: doublePrecision('position').notNull(),
    state: text('state', { enum: ['running', 'stopped', 'parked'] }).notNull(),
    /** Why it does not run: a person, or later a rule. */
    stoppedBy: text('stopped_by', { enum: ['person', 'rule'] }),
    addedAt: moment('added_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    uniqueIndex('targets_n').on(t.groupId, t.n),
    // The same probe stands once in a group.
    uniqueIndex('targets_probe').on(t.groupId, t.probeId).where(sql`${t.deletedAt} is null`),
    index('targets_of_probe').on(t.probeId),
  ],
)

// One row for each period in which a target was running with one set of parameters.
export const targetRuns = pgTable(
  'target_runs',
  {
    targetId: uuid('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    probeId: integer('probe_id')
      .notNull()
      .references(() => probes.id),
    startedAt: moment('started_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.targetId, t.startedAt] }),
    uniqueIndex('target_runs_open').on(t.targetId).where(sql`${t.endedAt} is null`),
    index('target_runs_probe').on(t.probeId, t.endedAt),
  ],
)

// What people changed, and when: before and after are compared.
export const marks = pgTable(
  'marks',
  {
    id: uuid('id').primaryKey(),
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    at: moment('at').notNull(),
    text: text('text').notNull(),
    madeBy: uuid('made_by')
      .notNull()
      .references(() => users.id),
    madeAt: moment('made_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [index('marks_of_group').on(t.groupId, t.at)],
)

// ── What stood there before ──────────────────────────────────────────────────────────────────

// A row as it was until it changed, written by triggers (see the migrations) and kept as long as
// samples: by these the wall of any earlier moment is known. What has none was as it is now.

export const groupVersions = pgTable(
  'group_versions',
  {
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    until: moment('until').notNull(),
    ownerId: uuid('owner_id').notNull(),
    name: text('name').notNull(),
    visibility: text('visibility', { enum: ['private', 'public'] }).notNull(),
    intervalMs: integer('interval_ms').notNull(),
    timeoutMs: integer('timeout_ms').notNull(),
    payloadBytes: integer('payload_bytes').notNull(),
    ttl: smallint('ttl').notNull(),
    dscp: smallint('dscp').notNull(),
    dontFragment: boolean('dont_fragment').notNull(),
    family: smallint('family').notNull(),
    updatedAt: moment('updated_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.until] })],
)

export const targetVersions = pgTable(
  'target_versions',
  {
    targetId: uuid('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    until: moment('until').notNull(),
    label: text('label').notNull(),
    position: doublePrecision('position').notNull(),
    state: text('state', { enum: ['running', 'stopped', 'parked'] }).notNull(),
    stoppedBy: text('stopped_by', { enum: ['person', 'rule'] }),
    deletedAt: moment('deleted_at'),
  },
  (t) => [primaryKey({ columns: [t.targetId, t.until] })],
)

export const cardVersions = pgTable(
  'card_versions',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    until: moment('until').notNull(),
    /** Null: until then the card did not stand there. */
    position: doublePrecision('position'),
  },
  (t) => [primaryKey({ columns: [t.userId, t.groupId, t.until] })],
)

// ── What was measured ────────────────────────────────────────────────────────────────────────

// The last hours, a partition each; rows of any other time lie in `samples_late` (see the migrations).
// "Not measured" is no row; `rtt_us` below 0 is an outcome code.
export const samples = pgTable(
  'samples',
  {
    probeId: integer('probe_id').notNull(),
    at: moment('at').notNull(),
    rttUs: integer('rtt_us').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.probeId, t.at] }),
    check('samples_rtt_us', sql`${t.rttUs} >= -4`),
  ],
)

// The samples of an hour that is over: result i (from 1) left `i * step_ms + drift_ms[i]` ms and
// `rest_us[i]` µs after its start. A steady rhythm drifts little, and what hardly changes is packed
// to nearly nothing.
export const sampleBlocks = pgTable(
  'sample_blocks',
  {
    probeId: integer('probe_id').notNull(),
    hour: moment('hour').notNull(),
    stepMs: integer('step_ms').notNull(),
    driftMs: integer('drift_ms').array().notNull(),
    /** Null where all times are whole milliseconds. */
    restUs: smallint('rest_us').array(),
    rttUs: integer('rtt_us').array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.probeId, t.hour] })],
)

// Summaries (lib/samples/running-sum.ts) in columns: element i of each array belongs to slot `slots[i]`
// of the span that begins at `since`. Times are ms after the slot's start.
const packedSummaries = {
  probeId: integer('probe_id').notNull(),
  since: moment('since').notNull(),
  slots: smallint('slots').array().notNull(),
  sent: integer('sent').array().notNull(),
  received: integer('received').array().notNull(),
  minUs: integer('min_us').array().notNull(),
  maxUs: integer('max_us').array().notNull(),
  sumUs: bigint('sum_us', { mode: 'number' }).array().notNull(),
  sumSquares: doublePrecision('sum_squares').array().notNull(),
  stepSumUs: bigint('step_sum_us', { mode: 'number' }).array().notNull(),
  firstUs: integer('first_us').array().notNull(),
  lastUs: integer('last_us').array().notNull(),
  firstMs: integer('first_ms').array().notNull(),
  lastMs: integer('last_ms').array().notNull(),
  leadingLossUntilMs: integer('leading_loss_until_ms').array().notNull(),
  trailingLossFromMs: integer('trailing_loss_from_ms').array().notNull(),
  longestEndedMs: integer('longest_ended_ms').array().notNull(),
  /** Its histogram is so many of `buckets` and `counts`, after those of the slots before. */
  bucketsUsed: smallint('buckets_used').array().notNull(),
  buckets: smallint('buckets').array().notNull(),
  counts: integer('counts').array().notNull(),
}

// The minutes of an hour: slots 0 to 59.
export const minuteSummaries = pgTable('minute_summaries', packedSummaries, (t) => [
  primaryKey({ columns: [t.probeId, t.since] }),
])

// The hours of a day: slots 0 to 23.
export const hourSummaries = pgTable('hour_summaries', packedSummaries, (t) => [
  primaryKey({ columns: [t.probeId, t.since] }),
])

const { sumSquares: _, ...packedDays } = packedSummaries

// Thirty days, counted since 1970: slots 0 to 29. Each is what its stored hours add up to.
export const daySummaries = pgTable('day_summaries', packedDays, (t) => [
  primaryKey({ columns: [t.probeId, t.since] }),
])

// One row a flush, kept an hour: from it a resuming reader knows which times to read again.
export const flushes = pgTable(
  'flushes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    storedAt: moment('stored_at').notNull(),
    firstAt: moment('first_at').notNull(),
    lastAt: moment('last_at').notNull(),
  },
  (t) => [index('flushes_stored').on(t.storedAt)],
)

// What a worker measured of itself while it pinged: the floor beneath which no figure is believed.
export const canaryReadings = pgTable(
  'canary_readings',
  {
    /** One process, from its start to its end. */
    worker: uuid('worker').notNull(),
    /** When the reading began. */
    at: moment('at').notNull(),
    endedAt: moment('ended_at').notNull(),
    /** Echoes to the worker's own address, which no network touches. */
    sent: integer('sent').notNull(),
    received: integer('received').notNull(),
    minUs: integer('min_us'),
    medianUs: integer('median_us'),
    maxUs: integer('max_us'),
    /** Of all its echoes in this time: how many left, and how late on average. */
    echoes: integer('echoes').notNull(),
    latenessUs: integer('lateness_us').notNull(),
    /** Left more than 10 ms after they were due; did not leave at all. */
    overdue: integer('overdue').notNull(),
    unsent: integer('unsent').notNull(),
    /** Answers thrown away for want of room, answers after their timeout, answers twice. */
    receiveDrops: integer('receive_drops').notNull(),
    lateReplies: integer('late_replies').notNull(),
    duplicates: integer('duplicates').notNull(),
  },
  (t) => [primaryKey({ columns: [t.at, t.worker] })],
)

// From the first of three losses in a row, or more, to the next answer. Read through target_runs:
// what a stopped target might have been is nobody's outage.
export const outages = pgTable(
  'outages',
  {
    probeId: integer('probe_id')
      .notNull()
      .references(() => probes.id, { onDelete: 'cascade' }),
    /** When the first lost echo left. */
    startedAt: moment('started_at').notNull(),
    /** When the first answered echo left; null while it goes on. */
    endedAt: moment('ended_at'),
    /** The outcome code of its losses: that of an ICMP error where one was told. */
    outcome: smallint('outcome').notNull(),
    /** The ICMP code of "unreachable", and who said so. */
    errorCode: smallint('error_code'),
    errorFrom: text('error_from'),
    /** The way as it was found soon after the start; null where none was looked for. */
    path: jsonb('path').$type<Hop[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.probeId, t.startedAt] }),
    index('outages_open').on(t.probeId).where(sql`${t.endedAt} is null`),
  ],
)

// ── The wire between processes ───────────────────────────────────────────────────────────────

// Messages too long for one NOTIFY (7,999 bytes). UNLOGGED: what a crash forgets, nobody waits for.
export const channelPayloads = pgTable('channel_payloads', {
  id: uuid('id').primaryKey(),
  body: text('body').notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
})

// What each worker tells of itself, as its metrics; any web process shows them. UNLOGGED: after a
// crash they are told anew within seconds.
export const workerFigures = pgTable('worker_figures', {
  /** Of the worker's session: the figures count as long as that one holds the worker's lock. */
  backend: integer('backend').primaryKey(),
  worker: text('worker').notNull(),
  figures: jsonb('figures').notNull(),
})

// What each worker knows of the room that is left for data. UNLOGGED: after a crash it is judged
// anew within seconds, and a disk that is full refuses it last.
export const storageJudgements = pgTable('storage_judgements', {
  /** Of the worker's session: the judgement counts as long as that one holds the worker's lock. */
  backend: integer('backend').primaryKey(),
  level: text('level', { enum: ['ok', 'low', 'full'] }).notNull(),
  /** What there is too little of; null where there is enough. */
  cause: text('cause', { enum: ['disk', 'limit', 'refused'] }),
  since: moment('since').notNull(),
  /** Of the disk that holds the database; null where this worker cannot know it. */
  freeBytes: bigint('free_bytes', { mode: 'number' }),
  diskBytes: bigint('disk_bytes', { mode: 'number' }),
})
