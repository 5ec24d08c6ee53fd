// Tries out other retentions: what they would free and lead to, and the lines that set them.
'use client'
import { Copy } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { effectOf, RetentionSetting, type StoredLevel } from '#lib/samples/storage-contract.ts'
import { useAct } from '../../_data/use-act.ts'
import { Button } from '../../_ui/button.tsx'
import { copyText } from '../../_ui/copy-text.ts'
import { showToast } from '../../_ui/toast.ts'
import { DaysField } from './days-field.tsx'
import { sizeText } from './size-text.ts'

type Days = Partial<Record<RetentionSetting, number>>

export function RetentionPanel({ levels }: { levels: StoredLevel[] }) {
  const t = useTranslations('storage')
  const [chosen, setChosen] = useState<Days>({})
  const settings = RetentionSetting.options.map((setting) => {
    const kept = levels.filter((level) => level.setting === setting)
    const days = kept[0]?.days ?? 1
    return { setting, kept, days, chosen: chosen[setting] ?? days }
  })
  const changed = settings.filter((one) => one.chosen !== one.days)
  return (
    <section className="flex flex-col gap-4 rounded-8 border border-line bg-surface p-4">
      <h2 className="text-14 font-semibold">{t('try.title')}</h2>
      <ul className="flex flex-col gap-5">
        {settings.map(({ setting, kept, ...days }) => (
          <li key={setting} className="flex flex-col gap-1">
            <DaysField
              setting={setting}
              days={days.chosen}
              onChoose={(next) => setChosen({ ...chosen, [setting]: next })}
            />
            <EffectText kept={kept} days={days.days} chosen={days.chosen} />
          </li>
        ))}
      </ul>
      {changed.length > 0 && <Lines lines={changed.map((one) => `${one.setting}=${one.chosen}`)} />}
      <p className="text-12 text-faint">{t('try.disk')}</p>
    </section>
  )
}

type EffectTextProps = { kept: StoredLevel[]; days: number; chosen: number }

function EffectText({ kept, days, chosen }: EffectTextProps) {
  const t = useTranslations('storage')
  const sums = (of: number) => {
    const effects = kept.map((level) => effectOf(level, of))
    const known = effects.filter(({ full_bytes }) => full_bytes !== null)
    return {
      freed: effects.reduce((sum, effect) => sum + effect.freed_bytes, 0),
      full: known.length > 0 ? known.reduce((sum, one) => sum + (one.full_bytes ?? 0), 0) : null,
    }
  }
  const [now, then] = [sums(days), sums(chosen)]
  const sizes = { freed: sizeText(then.freed), full: sizeText(then.full), now: sizeText(now.full) }
  return (
    <output className="figures block min-h-5 text-13 text-muted">
      {t(`try.${wordOf(chosen - days, then.freed)}`, sizes)}
    </output>
  )
}

function wordOf(more: number, freed: number): 'asSet' | 'more' | 'less' | 'lessLater' {
  if (more === 0) return 'asSet'
  if (more > 0) return 'more'
  return freed > 0 ? 'less' : 'lessLater'
}

function Lines({ lines }: { lines: string[] }) {
  const t = useTranslations('storage')
  const act = useAct()
  const text = lines.join('\n')

  async function copy(): Promise<void> {
    if (await act(t('try.copy'), () => copyText(text))) showToast({ text: t('try.copied') })
  }

  return (
    <div className="flex flex-col gap-2 rounded-8 border border-line bg-ground p-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <pre className="overflow-x-auto font-mono text-13">{text}</pre>
        <Button onClick={() => void copy()} className="h-7 shrink-0 px-2 text-12">
          <Copy size={14} aria-hidden />
          {t('try.copy')}
        </Button>
      </div>
      <p className="text-12 text-muted">{t('try.how')}</p>
    </div>
  )
}
