// Sets the web process's wall clock back and the worker's forward, as on hosts without NTP.
const SKEW_MS = 5 * 60_000
const SKEWS = { 'lib/server/main.ts': -SKEW_MS, 'worker/main.ts': SKEW_MS }

const skewMs = Object.entries(SKEWS).find(([entry]) => process.argv[1]?.endsWith(entry))?.[1] ?? 0
const RealDate = Date
const now = () => RealDate.now() + skewMs

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, made) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
})
