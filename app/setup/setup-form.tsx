// Makes the first administrator and signs them in.
'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import type { FormEvent } from 'react'
import type { FirstAdministrator } from '#lib/accounts/contract.ts'
import { createFirstAdministrator, signIn } from '../_data/accounts.ts'
import { faultsOf, RequestError } from '../_data/request.ts'
import { useFaultText } from '../_data/use-act.ts'
import { Button } from '../_ui/button.tsx'
import { FormFault } from '../_ui/field.tsx'
import { PersonFields, personOf } from '../_ui/person-fields.tsx'

export function SetupForm({ token }: { token: string }) {
  const t = useTranslations('setup')
  const faultText = useFaultText()
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: async (person: FirstAdministrator) => {
      await createFirstAdministrator(person)
      await signIn(person)
    },
    onSuccess: () => location.assign('/'),
  })

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    mutate({ token, ...personOf(event.currentTarget) })
  }

  const isBusy = isPending || isSuccess
  const isUsedUp = error instanceof RequestError && error.code === 'not_found'
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <PersonFields faults={faultsOf(error)} />
      <FormFault>{error ? (isUsedUp ? t('refused') : faultText(error)) : undefined}</FormFault>
      <Button look="primary" type="submit" disabled={isBusy}>
        {isBusy ? t('busy') : t('submit')}
      </Button>
    </form>
  )
}
