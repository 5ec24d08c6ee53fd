// How a target stands, told by shape, colour and word.
import { useTranslations } from 'next-intl'
import type { Standing } from '#lib/targets/health.ts'
import { cx } from './class-names.ts'

export const STANDING_COLOUR: Record<Standing, string> = {
  dark: 'text-dark',
  lossy: 'text-lossy',
  slow: 'text-slow',
  unmeasured: 'text-quiet',
  answering: 'text-answering',
  parked: 'text-quiet',
  stopped: 'text-quiet',
}

export function StandingGlyph({ standing }: { standing: Standing }) {
  const t = useTranslations('standing')
  return (
    <svg
      viewBox="0 0 12 12"
      width="12"
      height="12"
      role="img"
      className={cx('shrink-0', STANDING_COLOUR[standing])}
    >
      <title>{t(standing)}</title>
      {SHAPES[standing]}
    </svg>
  )
}

const SHAPES: Record<Standing, React.ReactNode> = {
  answering: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  slow: <path d="M6 1.5 11 10.5H1Z" fill="currentColor" />,
  lossy: <path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="currentColor" />,
  dark: <path d="M1.5 1.5h9v9h-9Z" fill="currentColor" />,
  stopped: <path d="M3 2h2v8H3ZM7 2h2v8H7Z" fill="currentColor" />,
  parked: (
    <circle
      cx="6"
      cy="6"
      r="4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2 1.6"
    />
  ),
  unmeasured: (
    <path
      d="M1.5 1.5h9v9h-9ZM1.5 6 6 1.5M1.5 10.5l9-9M6 10.5 10.5 6"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.2"
    />
  ),
}
