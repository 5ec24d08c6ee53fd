// An empty wall is a paste box: from a list in the clipboard to live pings.
'use client'
import { useTranslations } from 'next-intl'
import { ListForm } from '../_group/list-form.tsx'

export function FrontDoor() {
  const t = useTranslations('paste')
  return (
    <section className="mx-auto mt-[8dvh] flex max-w-150 flex-col gap-4">
      <h2 className="text-28 font-semibold">{t('title')}</h2>
      <ListForm text="" group={undefined} onDone={() => {}} />
    </section>
  )
}
