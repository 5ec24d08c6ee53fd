// A number of days, slid or typed, for one retention.
'use client'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import type { RetentionSetting } from '#lib/samples/storage-contract.ts'
import { RETENTION_DAYS } from '#lib/vocabulary.ts'
import { cx } from '../../_ui/class-names.ts'
import { inputLook } from '../../_ui/field.tsx'

/** Places of the slider: a week is as far from a day as seven weeks from a week. */
const STEPS = 200

type DaysFieldProps = { setting: RetentionSetting; days: number; onChoose(days: number): void }

export function DaysField({ setting, days, onChoose }: DaysFieldProps) {
  const t = useTranslations('storage')
  const id = useId()
  const { most } = RETENTION_DAYS[setting]
  /** What is being typed and is no number of days yet. */
  const [draft, setDraft] = useState<string>()

  function type(text: string): void {
    const typed = Number(text)
    const isDays = Number.isInteger(typed) && typed >= 1 && typed <= most
    setDraft(isDays ? undefined : text)
    if (isDays) onChoose(typed)
  }

  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 sm:grid-cols-[14rem_1fr_auto]">
      <label htmlFor={id} className="text-14">
        {t(`settings.${setting}`)}
        <code className="block font-mono text-12 text-faint">{setting}</code>
      </label>
      <input
        type="range"
        aria-label={t(`settings.${setting}`)}
        aria-valuetext={t('kept', { days })}
        min={0}
        max={STEPS}
        value={stepOf(days, most)}
        onChange={(event) => onChoose(daysAt(Number(event.target.value), most))}
        className="w-full accent-accent max-sm:order-last max-sm:col-span-2"
      />
      <span className="flex items-center gap-2 text-13 text-muted">
        <input
          id={id}
          type="number"
          min={1}
          max={most}
          value={draft ?? days}
          aria-invalid={draft !== undefined}
          onChange={(event) => type(event.target.value)}
          onBlur={() => setDraft(undefined)}
          className={cx(inputLook, 'figures h-8 w-20 text-right')}
        />
        {t('days')}
      </span>
    </div>
  )
}

function stepOf(days: number, most: number): number {
  return Math.round((STEPS * Math.log(days)) / Math.log(most))
}

function daysAt(step: number, most: number): number {
  return Math.round(most ** (step / STEPS))
}
