// Buttons: with words, or an icon alone with its name for those who do not see it.
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from './class-names.ts'

const LOOKS = {
  primary: 'bg-accent text-on-accent font-medium hover:brightness-110',
  quiet: 'border border-line-strong text-text hover:bg-raised',
}

type ButtonProps = ComponentProps<'button'> & { look?: keyof typeof LOOKS }

export function Button({ look = 'quiet', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex h-9 items-center justify-center gap-2 rounded-8 px-4 text-14 transition-[filter,background-color]',
        'disabled:cursor-not-allowed disabled:opacity-50',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  )
}

type IconButtonProps = ComponentProps<'button'> & { icon: LucideIcon; label: string; size?: number }

export function IconButton({ icon: Icon, label, size = 16, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(iconButtonLook, 'size-7', className)}
      {...rest}
    >
      <Icon size={size} aria-hidden />
    </button>
  )
}

export const iconButtonLook =
  'inline-flex shrink-0 items-center justify-center rounded-4 text-muted hover:bg-raised hover:text-text data-[state=open]:bg-raised data-[state=open]:text-text'
