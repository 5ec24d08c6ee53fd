// Every address and what became of it, the worse first, with its figures before and after.
'use client'
import { ChevronsDown, ChevronsUp, CircleHelp, Equal, type LucideIcon } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import type { ComparedTarget, Comparison, Verdict } from '#lib/comparison/contract.ts'
import { lossPercent, NOTHING, roundTrip } from '../../../_charts/figures.ts'
import { withWindow } from '../../../_charts/time-window.ts'
import { Button } from '../../../_ui/button.tsx'
import { cx } from '../../../_ui/class-names.ts'
import { inOrder } from './verdict-order.ts'

/** So many rows at once: ten thousand would take a second to draw. */
const STEP = 200

const COLUMNS = ['verdict', 'address', 'loss', 'p50', 'p95', 'coverage'] as const

const LOOKS: Record<Verdict, { icon: LucideIcon; colour: string }> = {
  worse: { icon: ChevronsDown, colour: 'text-lossy' },
  better: { icon: ChevronsUp, colour: 'text-answering' },
  unknown: { icon: CircleHelp, colour: 'text-faint' },
  unchanged: { icon: Equal, colour: 'text-muted' },
}

type ComparedTargetsProps = { groupId: string; comparison: Comparison }

export function ComparedTargets({ groupId, comparison }: ComparedTargetsProps) {
  const t = useTranslations('comparison')
  const [most, setMost] = useState(STEP)
  const { targets, before, after } = comparison
  const rows = useMemo(() => inOrder(targets), [targets])
  const [fromMs, toMs] = [Date.parse(before.from), Date.parse(after.to)]
  const window = { spanMs: toMs - fromMs, toMs }
  return (
    <section
      aria-label={t('addresses')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
      tabIndex={0}
      className="relative overflow-x-auto rounded-8 border border-line bg-surface"
    >
      <table className="figures w-full border-separate border-spacing-0 text-right text-13 whitespace-nowrap">
        <thead className="text-12 text-muted">
          <tr>
            {COLUMNS.map((column) => (
              <th
                key={column}
                scope="col"
                className={cx(
                  'border-b border-line px-2.5 py-2 font-normal',
                  (column === 'verdict' || column === 'address') && 'text-left',
                )}
              >
                <span className={column === 'verdict' ? 'max-sm:sr-only' : undefined}>
                  {t(`columns.${column}`)}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map((target) => (
            <Row
              key={target.id}
              target={target}
              href={withWindow(`/groups/${groupId}/targets/${target.id}`, window)}
            />
          ))}
        </tbody>
      </table>
      {rows.length > most && (
        <div className="sticky left-0 flex justify-center p-3">
          <Button onClick={() => setMost(most + STEP)}>
            {t('more', { count: rows.length - most })}
          </Button>
        </div>
      )}
    </section>
  )
}

const cellLook = 'border-b border-line px-2.5 py-1.5'

function Row({ target, href }: { target: ComparedTarget; href: string }) {
  const t = useTranslations('comparison')
  const { host, label, verdict, verdicts, before, after } = target
  const { icon: Icon, colour } = LOOKS[verdict]
  return (
    <tr data-compared={host} data-verdict={verdict} className="hover:bg-raised">
      <td className={cx(cellLook, 'text-left', colour)}>
        <span className="flex items-center gap-1.5">
          <Icon size={14} aria-hidden />
          <span className="max-sm:sr-only">{t(`verdicts.${verdict}`)}</span>
        </span>
      </td>
      <th
        scope="row"
        className={cx(cellLook, 'max-w-72 truncate text-left font-normal max-sm:max-w-40')}
      >
        <Link href={href} className="hover:text-accent">
          {label && <span className="mr-2">{label}</span>}
          <span className={cx('font-mono text-12', label && 'text-faint')}>{host}</span>
        </Link>
      </th>
      <Pair
        verdict={verdicts.loss}
        from={percent(lossPercent(before.lost, before.sent))}
        to={percent(lossPercent(after.lost, after.sent))}
      />
      <Pair verdict={verdicts.p50} from={written(before.p50_ms)} to={written(after.p50_ms)} />
      <Pair verdict={verdicts.p95} from={written(before.p95_ms)} to={written(after.p95_ms)} />
      <Pair
        verdict="unchanged"
        from={percent(covered(before.coverage))}
        to={percent(covered(after.coverage))}
      />
    </tr>
  )
}

type PairProps = { verdict: Verdict; from: string; to: string }

function Pair({ verdict, from, to }: PairProps) {
  const isChanged = verdict === 'worse' || verdict === 'better'
  if (from === NOTHING && to === NOTHING) {
    return <td className={cx(cellLook, 'text-faint')}>{NOTHING}</td>
  }
  return (
    <td className={cellLook}>
      <span className="text-faint">{from} → </span>
      <span className={isChanged ? cx(LOOKS[verdict].colour, 'font-medium') : undefined}>{to}</span>
    </td>
  )
}

const percent = (share: string) => (share === NOTHING ? share : `${share} %`)
const covered = (share: number | null) =>
  share === null ? NOTHING : String(Math.floor(share * 1_000) / 10)

function written(ms: number | null): string {
  if (ms === null) return NOTHING
  const { value, unit } = roundTrip(ms * 1000)
  return `${value} ${unit}`
}
