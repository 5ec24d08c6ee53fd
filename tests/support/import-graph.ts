// What imports lead to: circles, and what a browser would have to load.
import type { SourceFile } from './source-tree.ts'

/** The files of the first circle found, as one line; types do not count, for they are gone at run time. */
export function findCycle(sources: SourceFile[]): string[] {
  const files = new Map(sources.map((file) => [file.path, file]))
  const done = new Set<string>()

  for (const { path } of sources) {
    const cycle = walk(path, [])
    if (cycle) return [cycle.join(' → ')]
  }
  return []

  function walk(path: string, trail: string[]): string[] | undefined {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const target of targetsOf(files.get(path))) {
      const cycle = walk(target, [...trail, path])
      if (cycle) return cycle
    }
    done.add(path)
    return undefined
  }
}

export type Reached = { chain: string; isUnfit: boolean }

const CLIENT = /^(?:\/\/.*\n|\s)*['"]use client['"]/
const SERVER_ROOMS = /^lib\/(?:db|channels|audit|auth|http|server|launch|config\.ts|log\.ts)/
/** What browsers may load: everything else must not be reached from a client component. */
const BROWSER_PACKAGES = new RegExp(
  `^(?:${[
    ...['react', 'react-dom', 'react/jsx-runtime', 'next/(?:link|navigation|dynamic|image)'],
    ...[
      'next-auth/react',
      'next-intl',
      'next-themes',
      'nuqs',
      'radix-ui',
      'lucide-react',
      'sonner',
    ],
    ...['@tanstack/.+', '@dnd-kit/.+', 'uplot.*', 'zod', 'uuid', 'ipaddr\\.js', '@fontsource.*'],
  ].join('|')})$`,
)

/** Everything that client components load, with the way there. */
export function reachableInBrowser(sources: SourceFile[]): Reached[] {
  const files = new Map(sources.map((file) => [file.path, file]))
  const reached = new Map<string, Reached>()
  const queue = sources
    .filter(({ path, text }) => path.startsWith('app/') && CLIENT.test(text))
    .map(({ path }) => ({ path, chain: path }))

  for (const { path, chain } of queue) {
    if (reached.has(path)) continue
    reached.set(path, { chain, isUnfit: SERVER_ROOMS.test(path) })
    for (const { target, isOurs, isTypeOnly } of files.get(path)?.imports ?? []) {
      if (isTypeOnly) continue
      const further = `${chain} → ${target}`
      if (isOurs) queue.push({ path: target, chain: further })
      else reached.set(target, { chain: further, isUnfit: !BROWSER_PACKAGES.test(target) })
    }
  }
  return [...reached.values()]
}

function targetsOf(file: SourceFile | undefined): string[] {
  return (file?.imports ?? []).filter((i) => i.isOurs && !i.isTypeOnly).map((i) => i.target)
}
