// A line of the table of success rates: one address, or the whole group.
'use client'
import Link from 'next/link'
import type { Figures } from '#lib/samples/contract.ts'
import { cx } from '../_ui/class-names.ts'
import { RateCell } from './rate-cell.tsx'
import { RATE_COLUMNS } from './rate-order.ts'

export const RATE_ROW_PX = 33

type RateRowProps = {
  /** Among all rows of the table, from 1. */
  index: number
  name: string
  host?: string
  path?: string
  figures: Figures
  isGroup?: boolean
}

export function RateRow({ index, name, host, path, figures, isGroup }: RateRowProps) {
  const isMeasured = figures.sent > 0
  return (
    <tr
      aria-rowindex={index}
      data-rate-host={host}
      style={{ height: RATE_ROW_PX }}
      className={cx(
        'hover:bg-raised',
        isGroup && 'text-13 font-medium',
        !isMeasured && 'text-faint',
      )}
    >
      <th
        scope="row"
        className={cx(
          'sticky left-0 truncate border-b border-line bg-surface px-2.5 text-left',
          isGroup ? 'font-medium' : 'font-normal',
          name === host && 'font-mono text-12',
        )}
        title={host}
      >
        {path ? (
          <Link href={path} prefetch={false} className="rounded-4 hover:text-accent">
            {name}
          </Link>
        ) : (
          name
        )}
        {host && host !== name && (
          <span className="ml-2 font-mono text-12 text-faint max-sm:hidden">{host}</span>
        )}
      </th>
      {RATE_COLUMNS.map((column) => (
        <td key={column} data-rate={column} className="border-b border-line px-2.5 pl-0">
          <RateCell column={column} figures={figures} />
        </td>
      ))}
    </tr>
  )
}
