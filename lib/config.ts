// Every setting: name, bounds, default, sentence; parsed once, all faults together.
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { RETENTION_DAYS } from './vocabulary.ts'

const seconds = (fallback: number) => z.coerce.number().positive().default(fallback)
const count = (fallback: number) => z.coerce.number().int().positive().default(fallback)
const days = ({ fallback, most }: { fallback: number; most: number }) =>
  z.coerce.number().int().min(1).max(most).default(fallback)
const networks = z
  .string()
  .max(10_000)
  .default('')
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine((list) => list.every(isNetwork), 'networks such as 10.0.0.0/8, separated by commas')
const servers = z
  .string()
  .max(1_000)
  .default('')
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine((list) => list.every(isServer), 'addresses such as 10.0.0.53, 10.0.0.53:5353, [::1]:53')
const sources = z
  .string()
  .max(200)
  .default('')
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine(
    (list) =>
      list.every((address) => ipaddr.isValid(address)) && familiesOf(list).size === list.length,
    'at most one IPv4 and one IPv6 address, separated by a comma',
  )
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((word) => word === 'true')

// An empty variable counts as absent: `PORT= npm start` means the default.
const settings = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('PostgreSQL to use. Without it, `npm start` runs its own in DATA_DIR.'),
  DATA_DIR: z
    .string()
    .default('.data')
    .describe('Where the own PostgreSQL and the secret are kept.'),
  HOST: z.string().default('127.0.0.1').describe('Address the web process listens on.'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port it listens on.'),
  BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'The address people type. Default: http://HOST:PORT. Its origin is the only one accepted.',
    ),
  AUTH_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('Signs session cookies, 32 characters or more. `npm start` makes one in DATA_DIR.'),
  ADMIN_LOGIN: z
    .string()
    .max(64)
    .optional()
    .describe(
      'Employee number of a first administrator, made at start when there is no account yet.',
    ),
  ADMIN_PASSWORD: z
    .string()
    .min(8)
    .max(256)
    .optional()
    .describe('Password of that first administrator, 8 characters or more.'),
  TRUST_PROXY: flag.describe('Set true behind a proxy: the last X-Forwarded-For is the client.'),
  CHANNEL_LAYER: z
    .union([z.literal('database'), z.url({ protocol: /^rediss?$/ })], {
      error: '`database`, or the address of a Redis such as redis://127.0.0.1:6379',
    })
    .default('database')
    .describe('Carries messages between processes: `database`, or a Redis as redis://host:6379.'),
  PROBER: z
    .enum(['auto', 'icmp', 'ping-command'])
    .default('auto')
    .describe(
      'How to ping. `auto` takes ICMP sockets where it may open one, else the ping program.',
    ),
  DNS_SERVERS: servers.describe(
    "Servers that resolve host names, comma-separated. Empty: this system's.",
  ),
  SOURCE_ADDRESSES: sources.describe(
    'Addresses of this machine that pings leave with: one IPv4, one IPv6. Empty: the route decides.',
  ),
  NETWORKS_ALLOWED: networks.describe('Networks that may be pinged, comma-separated. Empty: all.'),
  NETWORKS_DENIED: networks.describe('Networks that may not be pinged, comma-separated.'),
  MAX_TARGETS_PER_GROUP: count(10_000).describe('Addresses in one group.'),
  MAX_TARGETS_PER_USER: count(50_000).describe("Addresses in all of one person's groups."),
  MAX_PACKETS_PER_SECOND_PER_USER: count(20_000).describe(
    "Packets per second of all of one person's groups.",
  ),
  MAX_PACKETS_PER_SECOND: count(60_000).describe('Packets per second of the whole installation.'),
  RAW_RETENTION_DAYS: days(RETENTION_DAYS.RAW_RETENTION_DAYS).describe(
    'Days for which every single sample is kept, at most 366.',
  ),
  MINUTE_RETENTION_DAYS: days(RETENTION_DAYS.MINUTE_RETENTION_DAYS).describe(
    'Days for which summaries of minutes, and outages, are kept, at most 1096.',
  ),
  HOUR_RETENTION_DAYS: days(RETENTION_DAYS.HOUR_RETENTION_DAYS).describe(
    'Days for which summaries of hours and of days are kept, at most 3660.',
  ),
  DATABASE_FOLDER: z
    .string()
    .optional()
    .describe(
      "A folder on the disk that holds the database, watched for room. The own PostgreSQL's is known.",
    ),
  DISK_RESERVE_MB: count(1_024).describe(
    'Megabytes of that disk left free: below it results are not stored, below twice it warns.',
  ),
  DATABASE_LIMIT_MB: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'Megabytes the database may grow to, for one whose disk cannot be watched. Empty: no limit.',
    ),
  SESSION_DAYS: days({ fallback: 30, most: 366 }).describe(
    'Days after which a sign-in ends without use, at most 366.',
  ),
  HEARTBEAT_SECONDS: seconds(20).describe('Pause between two heartbeats of a live connection.'),
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('production')
    .describe('`development` serves pages that reload as they are edited (`npm run dev`).'),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('What is logged: error, warn, info or debug.'),
}

const Settings = z.object(settings)
type Settings = z.infer<typeof Settings>

/** The settings in the house's names; networks are lists, durations are seconds. */
export type Config = Settings & { BASE_URL: string }

/** Thrown by `readConfig`; its message lists every fault, one per line. */
export class ConfigFault extends Error {}

/** Parses the environment; throws `ConfigFault` naming all faults at once. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(settings).map((name) => [name, environment[name] || undefined]),
  )
  const parsed = Settings.safeParse(given)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((i) => `  ${i.path.join('.')}: ${i.message}`)
    throw new ConfigFault(`These settings cannot be used:\n${faults.join('\n')}`)
  }
  const { HOST, PORT, BASE_URL } = parsed.data
  return { ...parsed.data, BASE_URL: BASE_URL ?? `http://${urlHost(HOST)}:${PORT}` }
}

/** The settings as rows for the README's table and `.env.example`. */
export function describeSettings(): { name: string; fallback: string; sentence: string }[] {
  const fallbacks: Record<string, unknown> = Settings.parse({})
  return Object.entries(settings).map(([name, schema]) => ({
    name,
    fallback: String(fallbacks[name] ?? ''),
    sentence: schema.description ?? '',
  }))
}

/** The environment for a child process: this one's, with some variables set anew. */
export function childEnvironment(changes: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes }
}

function familiesOf(addresses: string[]): Set<boolean> {
  return new Set(addresses.map((address) => address.includes(':')))
}

function isNetwork(text: string): boolean {
  return text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text)
}

function isServer(text: string): boolean {
  const [, bracketed, plain] = /^(?:\[(.+)\]|([^:]+)):\d{1,5}$/.exec(text) ?? []
  return ipaddr.isValid(bracketed ?? plain ?? text)
}

// An address to listen on is not always one to type: 0.0.0.0 and :: mean this machine.
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
