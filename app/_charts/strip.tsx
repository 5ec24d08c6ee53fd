// One target's strip: drawn on a canvas while it is in sight, read out under the pointer.
'use client'
import { type PointerEvent, useCallback, useRef, useState } from 'react'
import type { PingParameters } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { type Live, useLive } from '../_data/live-provider.tsx'
import { createRing } from '../_data/sample-ring.ts'
import { type Pointed, StripReadout } from './strip-readout.tsx'
import { NOTHING_THERE, type Strip as Slots, STRIP_SLOTS, stripSlots } from './strip-slots.ts'
import { useStripCanvas } from './use-strip-canvas.ts'

export type StripOf = { groupId: string; target: LiveTarget; parameters: PingParameters }
type StripProps = StripOf & { isDark: boolean; label: string }

const NO_RESULTS = createRing()

export function Strip({ groupId, target, parameters, isDark, label }: StripProps) {
  const live = useLive()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState<Pointed>()
  const slots = useCallback(
    () => live && slotsOf(live, { groupId, target, parameters }),
    [live, groupId, target, parameters],
  )
  useStripCanvas(canvas, slots, {
    groupId,
    n: target.n,
    intervalMs: parameters.interval_ms,
    isDark,
  })
  const point = (event: PointerEvent<HTMLCanvasElement>) => setPointed(pointedAt(event, slots()))
  return (
    <>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        className="block h-full w-full"
        onPointerMove={point}
        onPointerLeave={() => setPointed(undefined)}
      />
      {pointed && <StripReadout {...pointed} />}
    </>
  )
}

function slotsOf({ samples, connection }: Live, { groupId, target, parameters }: StripOf): Slots {
  return stripSlots(samples.ring(groupId, target.n) ?? NO_RESULTS, {
    intervalMs: parameters.interval_ms,
    timeoutMs: parameters.timeout_ms,
    runningSinceMs: target.running_since === null ? null : Date.parse(target.running_since),
    knownFromMs: samples.history(groupId)?.fromMs(target.n) ?? Number.POSITIVE_INFINITY,
    nowMs: connection.nowMs(),
  })
}

function pointedAt(event: PointerEvent<HTMLCanvasElement>, strip: Slots | undefined) {
  const { left, top, width } = event.currentTarget.getBoundingClientRect()
  const slot = Math.floor(((event.clientX - left) / width) * STRIP_SLOTS)
  const at = strip?.at[slot] ?? 0
  if (at === 0) return undefined
  return { us: strip?.us[slot] ?? NOTHING_THERE, at, left: event.clientX, top: top - 4 }
}
