// Who lost echoes when: the matrix, the cell that is looked at, the outages of many.
'use client'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { type Pointed, windowAround } from '../../_charts/matrix-cell.ts'
import { darkCounts, type MatrixCells } from '../../_charts/matrix-cells.ts'
import { type Measure, measureDepth } from '../../_charts/matrix-depth.ts'
import type { TimeWindow, Windowed } from '../../_charts/time-window.ts'
import { useFaultText } from '../../_data/use-act.ts'
import { Button } from '../../_ui/button.tsx'
import { cx } from '../../_ui/class-names.ts'
import { Segments } from '../../_ui/segments.tsx'
import { BODY_PX, MatrixChart } from './matrix-chart.tsx'
import { MatrixReadout } from './matrix-readout.tsx'
import { StripeList } from './stripe-list.tsx'
import type { GroupRows } from './use-group-rows.ts'

type MatrixPanelProps = Windowed &
  Pick<GroupRows, 'cells' | 'shownCells'> & {
    pathOf(targetId: string, window?: TimeWindow): string
  }

const MEASURES: Measure[] = ['loss', 'roundTrip']

export function MatrixPanel(props: MatrixPanelProps) {
  const { cells, shownCells, pathOf, window, nowMs, onWindow } = props
  const t = useTranslations('history')
  const faultText = useFaultText()
  const [pointed, setPointed] = useState<Pointed>()
  const [measure, setMeasure] = useState<Measure>('loss')
  return (
    <section
      aria-label={t('matrix')}
      aria-busy={cells.data === undefined}
      data-columns={cells.data?.from.length}
      className="flex flex-col gap-1 rounded-8 border border-line bg-surface p-2"
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1 px-1">
        <h2 className="sr-only">{t('matrix')}</h2>
        <MatrixReadout cells={shownCells} {...{ pointed, window, nowMs }} />
        <Segments
          label={t('weekMeasure')}
          options={MEASURES.map((value) => ({ value, label: t(`weekMeasures.${value}`) }))}
          chosen={measure}
          onChoose={(next) => setMeasure(next)}
        />
      </div>
      {shownCells && (
        <ShownMatrix
          {...{ cells: shownCells, measure, pathOf, window, nowMs, onWindow, pointed }}
          isOld={cells.isOld}
          onPoint={setPointed}
        />
      )}
      {!shownCells && !cells.error && <div style={{ height: BODY_PX / 2 }} />}
      {cells.error && (
        <div role="alert" className="flex flex-wrap items-center gap-3 p-2 text-13">
          {faultText(cells.error)}
          <Button onClick={cells.retry}>{t('retry')}</Button>
        </div>
      )}
    </section>
  )
}

type ShownMatrixProps = Windowed & {
  cells: MatrixCells
  isOld: boolean
  measure: Measure
  pointed: Pointed | undefined
  onPoint(pointed: Pointed | undefined): void
  pathOf(targetId: string, window?: TimeWindow): string
}

/** Where there is room for names, rows are this high, and higher where they are few. */
const NAMED_PX = 20
const HIGHEST_PX = 28
const LEAST_PX = 3

function ShownMatrix({ isOld, measure, ...props }: ShownMatrixProps) {
  const { cells, pathOf, window, nowMs, onWindow } = props
  const t = useTranslations('history')
  const router = useRouter()
  const rows = cells.lines.length
  const fitPx = Math.min(HIGHEST_PX, Math.max(LEAST_PX, Math.floor(BODY_PX / Math.max(1, rows))))
  const [chosen, setChosen] = useState<'names' | 'all'>()
  const isNamed = fitPx >= NAMED_PX || chosen === 'names'
  const counts = useMemo(() => darkCounts(cells), [cells])
  const depthOf = useMemo(() => measureDepth(measure, cells), [measure, cells])
  if (rows === 0) return <p className="py-16 text-center text-13 text-faint">{t('noRows')}</p>
  return (
    <div className={cx('flex flex-col gap-1', (isOld || !cells.isWhole) && 'opacity-60')}>
      <MatrixChart
        {...props}
        counts={counts}
        depthOf={depthOf}
        rowHeight={isNamed ? Math.max(NAMED_PX, fitPx) : fitPx}
        hasNames={isNamed}
        onOpen={({ id = '', ms }) => router.push(pathOf(id, windowAround(cells, ms, nowMs)))}
        label={t('matrixKeys', { rows, columns: cells.from.length })}
        headLabel={t('darkHead')}
      />
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1 px-1">
        {cells.isWhole ? (
          <StripeList {...{ cells, counts, window, nowMs, onWindow }} />
        ) : (
          <p className="mr-auto text-13 text-faint">{t('moreToCome', { rows })}</p>
        )}
        {fitPx < NAMED_PX && (
          <Segments
            label={t('rowHeight')}
            options={[
              { value: 'all', label: t('rowsAll') },
              { value: 'names', label: t('rowsNamed') },
            ]}
            chosen={isNamed ? 'names' : 'all'}
            onChoose={(next) => setChosen(next)}
          />
        )}
      </div>
    </div>
  )
}
