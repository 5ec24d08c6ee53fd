// Which road the inspected connection takes: one alone, or the wall's own choice.
import type { TransportName } from '../_data/live-transport.ts'

export const ROAD_CHOICES = ['auto', 'websocket', 'sse', 'polling'] as const
export type RoadChoice = (typeof ROAD_CHOICES)[number]

/** What a URL says, `auto` for anything else. */
export function toRoadChoice(word: unknown): RoadChoice {
  return ROAD_CHOICES.find((choice) => choice === word) ?? 'auto'
}

export function onlyRoad(choice: RoadChoice): TransportName | undefined {
  return choice === 'auto' ? undefined : choice
}

/** Keeps the choice in the URL, without a new page. */
export function rememberRoad(choice: RoadChoice): void {
  history.replaceState(null, '', choice === 'auto' ? location.pathname : `?road=${choice}`)
}
