// A labelled input with its hint and, where it is wrong, why.
import { type ComponentProps, useId } from 'react'
import { cx } from './class-names.ts'

export const inputLook =
  'w-full rounded-8 border border-line-strong bg-ground px-3 text-14 text-text aria-invalid:border-lossy'

type FieldProps = ComponentProps<'input'> & { label: string; hint?: string; fault?: string }

export function Field({ label, hint, fault, className, ...rest }: FieldProps) {
  const id = useId()
  const note = fault ?? hint
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-13 text-muted">
        {label}
      </label>
      <input
        id={id}
        className={cx(inputLook, 'h-9', className)}
        aria-invalid={fault !== undefined}
        aria-describedby={note && `${id}-note`}
        {...rest}
      />
      {note && (
        <p id={`${id}-note`} className={cx('text-12', fault ? 'text-lossy' : 'text-faint')}>
          {note}
        </p>
      )}
    </div>
  )
}

/** Why a form was refused, read out when it appears. */
export function FormFault({ children }: { children: string | undefined }) {
  if (!children) return null
  return (
    <p role="alert" className="rounded-8 border border-lossy/60 px-3 py-2 text-13 text-text">
      {children}
    </p>
  )
}
