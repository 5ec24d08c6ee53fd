// The levels of history: since when, how large now, and how large they will be.
'use client'
import { useLocale, useTranslations } from 'next-intl'
import type { StorageUse, StoredLevel } from '#lib/samples/storage-contract.ts'
import { cx } from '../../_ui/class-names.ts'
import { fullBytes } from './room-of.ts'
import { sizeText } from './size-text.ts'

/** Less room inside a table than this is not worth a word. */
const WORTH_A_WORD = 8 * 1024 * 1024

const COLUMNS = ['now', 'aDay', 'full'] as const
const COLUMN_LOOKS = { now: '', aDay: 'max-sm:hidden', full: '' }

export function LevelTable({ use }: { use: StorageUse }) {
  const t = useTranslations('storage')
  return (
    <section className="overflow-x-auto rounded-8 border border-line bg-surface">
      <table className="figures w-full text-13">
        <thead>
          <tr className="border-b border-line text-12 text-muted">
            <th scope="col" className="px-4 py-2 text-left font-normal">
              {t('column.level')}
            </th>
            {COLUMNS.map((name) => (
              <th
                key={name}
                scope="col"
                className={cx(
                  'px-2 py-2 text-right font-normal whitespace-nowrap last:pr-4',
                  COLUMN_LOOKS[name],
                )}
              >
                {t(`column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {use.levels.map((level) => (
            <LevelRow key={level.name} level={level} />
          ))}
          <tr>
            <th scope="row" className="px-4 py-2 text-left font-normal">
              {t('rest')}
            </th>
            <Sizes sizes={[use.rest_bytes]} />
          </tr>
        </tbody>
        <tfoot>
          <tr className="border-t border-line font-medium">
            <th scope="row" className="px-4 py-2 text-left font-medium">
              {t('all')}
            </th>
            <Sizes sizes={[use.database_bytes, sumOf(use.levels), fullBytes(use)]} />
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

function LevelRow({ level }: { level: StoredLevel }) {
  const t = useTranslations('storage')
  const locale = useLocale()
  const { name, setting, days, bytes, reusable_bytes, oldest_at } = level
  const since =
    oldest_at === null
      ? t('empty')
      : t('since', {
          date: new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(
            new Date(oldest_at),
          ),
        })
  const kept = name === 'hot' ? t('keptHot') : t('kept', { days })
  return (
    <tr data-level={name} className="border-b border-line last:border-0">
      <th scope="row" title={setting} className="px-4 py-2 text-left font-normal">
        {t(`levels.${name}`)}
        <span className="block text-12 text-faint">
          {since} · {kept}
          {reusable_bytes > WORTH_A_WORD &&
            ` · ${t('reusable', { size: sizeText(reusable_bytes) })}`}
        </span>
      </th>
      <Sizes sizes={[bytes, level.bytes_a_day, level.full_bytes]} isExact={level.is_exact} />
    </tr>
  )
}

type SizesProps = { sizes: (number | null)[]; isExact?: boolean }

function Sizes({ sizes, isExact = true }: SizesProps) {
  return COLUMNS.map((name, i) => (
    <td
      key={name}
      className={cx('px-2 py-2 text-right whitespace-nowrap last:pr-4', COLUMN_LOOKS[name])}
    >
      {sizes[i] === undefined ? null : `${isExact || i === 0 ? '' : '≈ '}${sizeText(sizes[i])}`}
    </td>
  ))
}

function sumOf(levels: StoredLevel[]): number | null {
  const known = levels.flatMap(({ bytes_a_day }) => bytes_a_day ?? [])
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0)
}
