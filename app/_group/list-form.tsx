// A pasted list becomes a group, or more of one: shown before anything is added.
'use client'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useId } from 'react'
import { LENGTHS } from '#lib/vocabulary.ts'
import { useFaultText } from '../_data/use-act.ts'
import { Button } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { earlyInput } from '../_ui/early-input.ts'
import { Field, FormFault, inputLook } from '../_ui/field.tsx'
import { ListPreview } from './list-preview.tsx'
import { type ListGroup, useListForm } from './use-list-form.ts'

type ListFormProps = { text: string; group: ListGroup; onDone(): void; onCancel?: () => void }

export function ListForm({ text: given, group, onDone, onCancel }: ListFormProps) {
  const t = useTranslations()
  const faultText = useFaultText()
  const form = useListForm(given, group, onDone)
  const { list, isTooLong, isBusy, fault } = form
  const go = t(group ? 'group.addSubmit' : 'paste.submitCount', { count: list.targets.length })
  return (
    <form onSubmit={(event) => void form.submit(event)} className="flex flex-col gap-4">
      {!group && (
        <Field
          label={t('field.groupName')}
          ref={earlyInput(form.name, form.setName)}
          value={form.name}
          maxLength={LENGTHS.groupName}
          onChange={(event) => form.setName(event.target.value)}
          data-autofocus={given !== ''}
        />
      )}
      <ListField text={form.text} onText={form.setText} isFirst={given === ''} />
      <ListPreview targets={list.targets} skipped={list.skipped} />
      <FormFault>{isTooLong ? t('paste.tooLong') : fault ? faultText(fault) : undefined}</FormFault>
      <div className="flex justify-end gap-2">
        {onCancel && <Button onClick={onCancel}>{t('paste.cancel')}</Button>}
        <Button
          look="primary"
          type="submit"
          disabled={!form.mayGo}
          data-autofocus={given !== '' && group !== undefined}
        >
          {isBusy ? t('paste.busy') : go}
        </Button>
      </div>
    </form>
  )
}

type ListFieldProps = { text: string; onText(text: string): void; isFirst: boolean }

function ListField({ text, onText, isFirst }: ListFieldProps) {
  const t = useTranslations()
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-13 text-muted">
        {t('field.addresses')}
      </label>
      <textarea
        ref={earlyInput(text, onText)}
        id={id}
        value={text}
        rows={7}
        spellCheck={false}
        autoCapitalize="off"
        placeholder={t('paste.placeholder')}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={submitOnEnter}
        data-autofocus={isFirst}
        className={cx(inputLook, 'resize-y py-2 font-mono text-13')}
      />
      <p className="text-12 text-faint">{t('paste.intro')}</p>
    </div>
  )
}

// Enter is a line of the list; with Ctrl or ⌘ it sends.
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}
