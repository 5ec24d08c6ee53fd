// The form of signing in; says kindly what was wrong.
'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import type { FormEvent } from 'react'
import { LENGTHS } from '#lib/vocabulary.ts'
import { signIn } from '../_data/accounts.ts'
import { RequestError } from '../_data/request.ts'
import { useFaultText } from '../_data/use-act.ts'
import { Button } from '../_ui/button.tsx'
import { Field, FormFault } from '../_ui/field.tsx'

export function SignInForm() {
  const t = useTranslations()
  const textOf = useSignInFault()
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: signIn,
    // A whole new page: nothing of whoever was here before stays in its caches.
    onSuccess: () => location.assign('/'),
  })

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const employee_no = String(form.get('employee_no')).trim()
    mutate({ employee_no, password: String(form.get('password')) })
  }

  const isBusy = isPending || isSuccess
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label={t('field.employeeNo')}
        name="employee_no"
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={LENGTHS.employeeNo}
        required
        autoFocus
      />
      <Field
        label={t('field.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        maxLength={LENGTHS.password}
        required
      />
      <FormFault>{error ? textOf(error) : undefined}</FormFault>
      <Button look="primary" type="submit" disabled={isBusy}>
        {isBusy ? t('signIn.busy') : t('signIn.submit')}
      </Button>
    </form>
  )
}

// A wrong password and too many of them have words of their own.
function useSignInFault(): (error: unknown) => string {
  const t = useTranslations('signIn')
  const faultText = useFaultText()
  return (error) => {
    const code = error instanceof RequestError ? error.code : 'internal'
    if (code === 'unauthenticated') return t('wrong')
    return code === 'rate_limited' ? t('limited') : faultText(error)
  }
}
