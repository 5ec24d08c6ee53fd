// Parts of a page that are fetched only when somebody wants them.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

export type LaterPart<Props> = {
  Part: LazyExoticComponent<ComponentType<Props>>
  /** Begins to fetch; harmless to repeat. */
  preload(): void
}

/** The component `name` of a module, as a lazy part. */
export function createPart<Name extends string, Props>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
): LaterPart<Props> {
  const Part = lazy(async () => ({ default: (await load())[name] }))
  // A failed preload is tried again, and told, when the part is rendered.
  return { Part, preload: () => void load().catch(() => {}) }
}
