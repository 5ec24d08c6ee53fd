// A titled part of the inspector.
import { type ReactNode, useId } from 'react'
import { cx } from '../_ui/class-names.ts'

type PanelProps = { title: string; aside?: ReactNode; className?: string; children: ReactNode }

export function Panel({ title, aside, className, children }: PanelProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={cx('min-w-0 rounded-8 border border-line bg-surface', className)}
    >
      <div className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1">
        <h2 id={id} className="mr-auto text-13 font-semibold">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
