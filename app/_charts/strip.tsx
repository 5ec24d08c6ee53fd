// One target's strip: drawn on a canvas while it can be seen, read out where the pointer is.
'use client'
import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { PingParameters } from '#lib/groups/contract.ts'
import type { Target } from '#lib/targets/contract.ts'
import { useVital } from '../_data/live-hooks.ts'
import { type Live, useLive } from '../_data/live-provider.tsx'
import { createRing } from '../_data/sample-ring.ts'
import { drawStrip, scaleOf } from './draw-strip.ts'
import { onThemeChange, stripColours } from './strip-colours.ts'
import { type Pointed, StripReadout } from './strip-readout.tsx'
import { NOTHING_THERE, type Strip as Slots, STRIP_SLOTS, stripSlots } from './strip-slots.ts'

type StripProps = {
  groupId: string
  target: Target
  parameters: PingParameters
  isDark: boolean
  label: string
}

const NO_RESULTS = createRing()

export function Strip({ groupId, target, parameters, isDark, label }: StripProps) {
  const live = useLive()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState<Pointed>()
  const low = useVital(groupId, (vitals) => scaleOf(vitals?.range).lowUs)
  const high = useVital(groupId, (vitals) => scaleOf(vitals?.range).highUs)

  const slots = useCallback(
    () => live && slotsOf(live, groupId, target, parameters),
    [live, groupId, target, parameters],
  )

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || !live) return
    const draw = () => {
      const strip = slots()
      if (!strip || !fitToDevice(context.canvas)) return
      const scale = { lowUs: low, highUs: high }
      drawStrip(context, strip, { scale, colours: stripColours(), isDark })
    }
    return whileSeen(context.canvas, draw, (redraw) => [
      live.samples.watch(groupId, target.n, redraw),
      onThemeChange(redraw),
      everyInterval(parameters.interval_ms, redraw),
    ])
  }, [live, slots, groupId, target.n, low, high, isDark, parameters.interval_ms])

  function point(event: PointerEvent<HTMLCanvasElement>): void {
    const strip = slots()
    const { right, top, width } = event.currentTarget.getBoundingClientRect()
    const fromRight = (right - event.clientX) / (width / STRIP_SLOTS)
    const slot = STRIP_SLOTS - 1 - Math.floor(fromRight)
    const at = strip?.at[slot] ?? 0
    const us = strip?.us[slot] ?? NOTHING_THERE
    setPointed(at > 0 ? { us, at, left: event.clientX, top: top - 4 } : undefined)
  }

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

function slotsOf(live: Live, groupId: string, target: Target, parameters: PingParameters): Slots {
  const { samples, connection } = live
  return stripSlots(samples.ring(groupId, target.n) ?? NO_RESULTS, {
    intervalMs: parameters.interval_ms,
    timeoutMs: parameters.timeout_ms,
    runningSinceMs: target.running_since === null ? null : Date.parse(target.running_since),
    knownFromMs: samples.knownFromMs(groupId) ?? Number.POSITIVE_INFINITY,
    nowMs: connection.nowMs(),
  })
}

// The bitmap has the device's pixels; false where the canvas has no size yet.
function fitToDevice(canvas: HTMLCanvasElement): boolean {
  const width = Math.round(canvas.clientWidth * devicePixelRatio)
  const height = Math.round(canvas.clientHeight * devicePixelRatio)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  return width > 0 && height > 0
}

// Draws and watches only while the canvas is on the screen; draws anew when its size changes.
function whileSeen(
  canvas: HTMLCanvasElement,
  draw: () => void,
  watch: (redraw: () => void) => (() => void)[],
): () => void {
  let undos: (() => void)[] = []
  const rest = () => {
    for (const undo of undos) undo()
    undos = []
  }
  const seen = new IntersectionObserver((entries) => {
    rest()
    if (entries.at(-1)?.isIntersecting) {
      draw()
      undos = watch(draw)
    }
  })
  const sized = new ResizeObserver(() => requestAnimationFrame(draw))
  seen.observe(canvas)
  sized.observe(canvas)
  return () => {
    rest()
    seen.disconnect()
    sized.disconnect()
  }
}

// Holes and the time of a stopped target move by the clock, not by results.
function everyInterval(intervalMs: number, callback: () => void): () => void {
  const timer = setInterval(callback, Math.max(1_000, Math.min(intervalMs, 60_000)))
  return () => clearInterval(timer)
}
