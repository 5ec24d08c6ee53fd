// Which window is counted: one that ends now, or any from a time on.
'use client'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { MAX_RANGE_SECONDS } from '#lib/samples/contract.ts'
import type { AskedWindow } from '../_data/rates.ts'
import { Button } from '../_ui/button.tsx'
import { Field } from '../_ui/field.tsx'
import { localTimeOf } from '../_ui/local-time.ts'
import { Segments } from '../_ui/segments.tsx'

const LAST = { minutes: 120, hour: 3_600, day: 86_400, week: 604_800 } as const
const CHOICES = ['minutes', 'hour', 'day', 'week', 'custom'] as const
type Choice = (typeof CHOICES)[number]

export const FIRST_WINDOW: AskedWindow = { seconds: LAST.minutes }

type RateWindowProps = { first: AskedWindow; onAsk(window: AskedWindow): void }

export function RateWindow({ first, onAsk }: RateWindowProps) {
  const t = useTranslations('rate')
  const [choice, setChoice] = useState<Choice>(first.floor ? 'custom' : 'minutes')

  function choose(next: Choice): void {
    setChoice(next)
    if (next !== 'custom') onAsk({ seconds: LAST[next] })
  }

  return (
    <div className="flex shrink-0 flex-col items-start gap-3">
      <Segments
        label={t('window')}
        options={CHOICES.map((value) => ({ value, label: t(value) }))}
        chosen={choice}
        onChoose={choose}
      />
      {choice === 'custom' && <CustomWindow first={first} onAsk={onAsk} />}
    </div>
  )
}

function CustomWindow({ first, onAsk }: RateWindowProps) {
  const t = useTranslations('rate')
  const [floor, setFloor] = useState(() =>
    localTimeOf(first.floor ? Date.parse(first.floor) : Date.now() - LAST.hour * 1000),
  )
  const [seconds, setSeconds] = useState(String(first.floor ? first.seconds : LAST.hour))

  function ask(event: FormEvent): void {
    event.preventDefault()
    onAsk({ seconds: Number(seconds), floor: new Date(floor).toISOString() })
  }

  return (
    <form onSubmit={ask} className="flex flex-wrap items-end gap-3">
      <Field
        label={t('from')}
        type="datetime-local"
        step={1}
        required
        min="0001-01-01T00:00"
        max="9999-12-31T23:59"
        value={floor}
        onChange={(event) => setFloor(event.target.value)}
      />
      <Field
        label={t('seconds')}
        type="number"
        min={1}
        max={MAX_RANGE_SECONDS}
        required
        value={seconds}
        onChange={(event) => setSeconds(event.target.value)}
        className="figures w-36"
      />
      <Button type="submit">{t('count')}</Button>
    </form>
  )
}
