// A choice of one out of a few, side by side.
'use client'
import { cx } from './class-names.ts'

type SegmentsProps<Value> = {
  label: string
  options: readonly { value: Value; label: string }[]
  /** None of them where it is something else. */
  chosen: Value | undefined
  onChoose(value: Value): void
}

export function Segments<Value extends string | number>(props: SegmentsProps<Value>) {
  const { label, options, chosen, onChoose } = props
  return (
    <fieldset className="flex flex-wrap rounded-8 border border-line-strong p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={chosen === option.value}
          onClick={() => onChoose(option.value)}
          className={cx(
            'h-6 rounded-4 px-2 text-12 whitespace-nowrap',
            chosen === option.value
              ? 'bg-raised font-medium text-accent'
              : 'text-muted hover:text-text',
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  )
}
