// What the cell or column that is looked at holds, in words; of none, which window is shown.
'use client'
import { useLocale, useTranslations } from 'next-intl'
import { lossPercent, roundTrip, successPercent } from '../../_charts/figures.ts'
import { cellOf, type Pointed } from '../../_charts/matrix-cell.ts'
import {
  columnAt,
  fateOfCell,
  type MatrixCells,
  type MatrixLine,
} from '../../_charts/matrix-cells.ts'
import { edgesOf, type Windowed } from '../../_charts/time-window.ts'
import { StandingGlyph } from '../../_ui/standing-glyph.tsx'

type MatrixReadoutProps = Pick<Windowed, 'window' | 'nowMs'> & {
  cells: MatrixCells | undefined
  pointed: Pointed | undefined
}

export function MatrixReadout({ cells, pointed, window, nowMs }: MatrixReadoutProps) {
  const locale = useLocale()
  const { fromMs, toMs } = edgesOf(window, nowMs)
  const column = cells && pointed ? columnAt(cells, pointed.ms) : undefined
  const cell = cells && pointed && cellOf(cells, pointed)
  const line = cell && cells?.lines[cell.row]
  const writer = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'long',
    hourCycle: 'h23',
  })
  const from = column === undefined ? fromMs : (cells?.from[column] ?? fromMs)
  const until = column === undefined ? toMs : (cells?.until[column] ?? toMs)
  return (
    <p
      data-readout
      aria-live={pointed ? 'polite' : 'off'}
      className="figures mr-auto flex min-h-7 flex-wrap items-center gap-x-3 text-13"
    >
      {line && <b className="font-medium">{line.label || line.host}</b>}
      <span className="text-muted" suppressHydrationWarning>
        {writer.formatRange(from, until)}
      </span>
      {line && column !== undefined && <CellFigures line={line} column={column} />}
      {cells && pointed && !line && <DarkFigure cells={cells} column={column ?? 0} />}
    </p>
  )
}

function CellFigures({ line, column }: { line: MatrixLine; column: number }) {
  const t = useTranslations()
  const fate = fateOfCell(line, column)
  if (fate === 'empty') return <span className="text-faint">{t('history.empty')}</span>
  const [sent, received] = [line.sent[column] ?? 0, line.received[column] ?? 0]
  const due = sent + (line.not_measured[column] ?? 0)
  const us = line.p50_us[column] ?? -1
  const median = us < 0 ? undefined : roundTrip(us)
  const standing = fate === 'answered' ? 'answering' : fate
  return (
    <>
      <span className="flex items-center gap-1.5">
        <StandingGlyph standing={standing} />
        {t(`standing.${standing}`)}
      </span>
      {median && (
        <span>
          <span className="text-faint">{t('rate.columns.p50_ms')}</span> {median.value}{' '}
          {median.unit}
        </span>
      )}
      {sent > 0 && (
        <span className={received < sent ? 'text-lossy' : 'text-faint'}>
          {t('history.lostOf', { lost: sent - received, sent })} (
          {lossPercent(sent - received, sent)} %)
        </span>
      )}
      {sent > 0 && sent < due && (
        <span className="text-faint">
          {successPercent(sent, due)} % {t('rate.measured')}
        </span>
      )}
    </>
  )
}

function DarkFigure({ cells, column }: { cells: MatrixCells; column: number }) {
  const t = useTranslations('history')
  const dark = cells.lines.filter(({ isDark }) => isDark[column]).length
  const measured = cells.lines.filter(({ sent }) => (sent[column] ?? 0) > 0).length
  if (measured === 0) return <span className="text-faint">{t('unmeasured')}</span>
  return <span>{t('darkOf', { dark, measured })}</span>
}
