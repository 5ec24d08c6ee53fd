// The keys of travelling in time, from anywhere on the wall.
'use client'
import { useEffect, useEffectEvent } from 'react'
import { isTyping } from '../_wall/keys.ts'

export type TimeActs = {
  close(): void
  live(): void
  turn(): void
  jump(direction: 'later' | 'earlier'): void
  step(seconds: number): void
}

const STEP_SECONDS = { short: 10, long: 60 }

/** True where the key is one of them. */
function actOf({ key, shiftKey, target }: KeyboardEvent, acts: TimeActs): boolean {
  const seconds = shiftKey ? STEP_SECONDS.long : STEP_SECONDS.short
  if (key === 'Escape') acts.close()
  else if (key === 'l') acts.live()
  else if (key === '[') acts.jump('earlier')
  else if (key === ']') acts.jump('later')
  else if (key === 'ArrowLeft') acts.step(-seconds)
  else if (key === 'ArrowRight') acts.step(seconds)
  else if (key === ' ' && !isPressable(target)) acts.turn()
  else return false
  return true
}

/** A space presses what has the focus. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a') !== null
}

export function useTimeKeys(acts: TimeActs): void {
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (!isTyping(event) && actOf(event, acts)) event.preventDefault()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => hear(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
