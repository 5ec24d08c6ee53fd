// Keeps a strip drawn while it is in sight: on results, with the time, in the page's theme.
'use client'
import { type RefObject, useEffect } from 'react'
import { useVital } from '../_data/live-hooks.ts'
import { useLive } from '../_data/live-provider.tsx'
import { chartColours, onThemeChange } from './chart-colours.ts'
import { drawStrip, scaleOf } from './draw-strip.ts'
import { STRIP_SLOTS, type Strip } from './strip-slots.ts'

type StripLife = { groupId: string; n: number; intervalMs: number; isDark: boolean }

export function useStripCanvas(
  canvas: RefObject<HTMLCanvasElement | null>,
  slots: () => Strip | undefined,
  { groupId, n, intervalMs, isDark }: StripLife,
): void {
  const live = useLive()
  const lowUs = useVital(groupId, (vitals) => scaleOf(vitals?.range).lowUs)
  const highUs = useVital(groupId, (vitals) => scaleOf(vitals?.range).highUs)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || !live) return
    const draw = () => {
      const strip = slots()
      if (!strip || !fitToDevice(context.canvas)) return
      drawStrip(context, strip, { scale: { lowUs, highUs }, colours: chartColours(), isDark })
    }
    return whileSeen(context.canvas, draw, () => [
      live.samples.watch(groupId, n, draw),
      live.strips.see(groupId, n, STRIP_SLOTS * intervalMs),
      onThemeChange(draw),
      everyInterval(intervalMs, draw),
    ])
  }, [canvas, live, slots, groupId, n, lowUs, highUs, isDark, intervalMs])
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
  watch: () => (() => void)[],
): () => void {
  let undos: (() => void)[] = []
  const rest = () => {
    for (const undo of undos) undo()
    undos = []
  }
  const seen = new IntersectionObserver((entries) => {
    rest()
    if (!entries.at(-1)?.isIntersecting) return
    draw()
    undos = watch()
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
