// The levels of history: since when, how large now, and how large they will be.
'use client'
import { useLocale, useTranslations } from 'next-intl'
import type { StorageUse, StoredLevel } from '#lib/samples/storage-contract.ts'
import { sizeText } from './size-text.ts'

/** Below this share of a level its reusable room is not worth a word. */
const WORTH_A_WORD = 0.05

const COLUMNS = ['now', 'aDay', 'full'] as const

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
                className="px-2 py-2 text-right font-normal whitespace-nowrap last:pr-4"
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
            <Sizes sizes={[use.database_bytes]} />
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
          {reusable_bytes > bytes * WORTH_A_WORD && bytes > 0 && (
            <> · {t('reusable', { size: sizeText(reusable_bytes) })}</>
          )}
        </span>
      </th>
      <Sizes sizes={[bytes, level.bytes_a_day, level.full_bytes]} isExact={level.is_exact} />
    </tr>
  )
}

function Sizes({ sizes, isExact = true }: { sizes: (number | null)[]; isExact?: boolean }) {
  return COLUMNS.map((name, i) => (
    <td key={name} className="px-2 py-2 text-right whitespace-nowrap tabular-nums last:pr-4">
      {sizes[i] === undefined ? null : `${isExact || i === 0 ? '' : '≈ '}${sizeText(sizes[i])}`}
    </td>
  ))
}
