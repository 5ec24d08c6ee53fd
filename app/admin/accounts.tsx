// The list of accounts and the form that adds one.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useId, useRef } from 'react'
import { Role } from '#lib/accounts/contract.ts'
import { useCreateUser, usersQuery } from '../_data/accounts.ts'
import { faultsOf } from '../_data/request.ts'
import { useFaultText } from '../_data/use-act.ts'
import { Button } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { FormFault, inputLook } from '../_ui/field.tsx'
import { PersonFields, personOf } from '../_ui/person-fields.tsx'
import { showToast } from '../_ui/toast.ts'

export function Accounts() {
  return (
    <div className="grid items-start gap-6 sm:grid-cols-[1fr_18rem]">
      <AccountList />
      <NewAccount />
    </div>
  )
}

function AccountList() {
  const t = useTranslations()
  const { data: users = [] } = useQuery(usersQuery)
  return (
    <section className="min-w-0 rounded-8 border border-line bg-surface">
      <h2 className="figures border-b border-line px-4 py-3 text-13 text-muted">
        {t('admin.count', { count: users.length })}
      </h2>
      <ul>
        {users.map((user) => (
          <li
            key={user.id}
            className="flex items-center gap-3 border-b border-line px-4 py-2.5 text-14 last:border-0"
          >
            <span className="min-w-0 flex-1 truncate">{user.name}</span>
            <span className="figures truncate text-13 text-muted">{user.employee_no}</span>
            <span className="w-28 text-right text-12 text-faint">
              {user.disabled ? t('admin.disabled') : t(`role.${user.role}`)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function NewAccount() {
  const t = useTranslations()
  const form = useRef<HTMLFormElement>(null)
  const faultText = useFaultText()
  const { mutate, error, isPending } = useCreateUser()

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const role = Role.parse(new FormData(event.currentTarget).get('role'))
    mutate(
      { ...personOf(event.currentTarget), role },
      {
        onSuccess({ name }) {
          form.current?.reset()
          showToast({ text: t('admin.made', { name }) })
        },
      },
    )
  }

  return (
    <section className="rounded-8 border border-line bg-surface p-4">
      <h2 className="mb-4 text-14 font-semibold">{t('admin.new')}</h2>
      <form ref={form} onSubmit={submit} className="flex flex-col gap-4">
        <PersonFields faults={faultsOf(error)} />
        <RoleField />
        <FormFault>{error ? faultText(error) : undefined}</FormFault>
        <Button look="primary" type="submit" disabled={isPending}>
          {isPending ? t('admin.busy') : t('admin.submit')}
        </Button>
      </form>
    </section>
  )
}

function RoleField() {
  const t = useTranslations()
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-13 text-muted">
        {t('field.role')}
      </label>
      <select id={id} name="role" className={cx(inputLook, 'h-9')}>
        {Role.options.map((role) => (
          <option key={role} value={role}>
            {t(`role.${role}`)}
          </option>
        ))}
      </select>
    </div>
  )
}
