// Marks a change: what it was, and when; now unless another time is given.
'use client'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { v7 as newId } from 'uuid'
import { LENGTHS } from '#lib/vocabulary.ts'
import { useMakeMark } from '../_data/marks.ts'
import { useAct } from '../_data/use-act.ts'
import { Button } from '../_ui/button.tsx'
import { inputLook } from '../_ui/field.tsx'
import { localTimeOf } from '../_ui/local-time.ts'

const lineLook = 'h-7 !w-auto !rounded-4 !px-2 !text-12'

export function MarkForm({ groupId }: { groupId: string }) {
  const t = useTranslations('mark')
  const act = useAct()
  const make = useMakeMark(groupId)
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const [at, setAt] = useState('')

  function open(): void {
    setAt(localTimeOf(Date.now()))
    setIsOpen(true)
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const mark = { id: newId(), text, at: new Date(at).toISOString() }
    if (!(await act(t('making'), () => make.mutateAsync(mark)))) return
    setText('')
    setIsOpen(false)
  }

  if (!isOpen) {
    return (
      <Button className="!h-7 !px-3 !text-12" onClick={open}>
        {t('making')}
      </Button>
    )
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-center gap-2">
      <input
        // biome-ignore lint/a11y/noAutofocus: it appears where the person asked for it.
        autoFocus
        required
        aria-label={t('text')}
        placeholder={t('text')}
        maxLength={LENGTHS.mark}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={`${inputLook} ${lineLook}`}
      />
      <input
        required
        type="datetime-local"
        step={1}
        aria-label={t('at')}
        max="9999-12-31T23:59"
        value={at}
        onChange={(event) => setAt(event.target.value)}
        className={`${inputLook} ${lineLook}`}
      />
      <Button
        look="primary"
        type="submit"
        disabled={make.isPending}
        className="!h-7 !px-3 !text-12"
      >
        {t('make')}
      </Button>
    </form>
  )
}
