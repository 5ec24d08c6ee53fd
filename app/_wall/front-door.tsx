// An empty wall is a paste box: from a list in the clipboard to live pings.
'use client'
import { useTranslations } from 'next-intl'
import { memo, Suspense } from 'react'
import { createPart } from '../_ui/later.tsx'

// A wall with groups on it never needs the list's grammar until somebody pastes.
const ListForm = createPart(() => import('../_group/list-form.tsx'), 'ListForm')

// Nothing above may change it before its part has come: React would throw away what was typed.
export const FrontDoor = memo(function FrontDoor() {
  const t = useTranslations('paste')
  return (
    <section className="mx-auto mt-[8dvh] flex max-w-150 flex-col gap-4">
      <h2 className="text-28 font-semibold">{t('title')}</h2>
      <Suspense fallback={<div aria-busy className="h-96" />}>
        <ListForm.Part text="" group={undefined} onDone={() => {}} />
      </Suspense>
    </section>
  )
})
