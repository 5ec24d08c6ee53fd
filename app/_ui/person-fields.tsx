// The fields of a person with an account: name, employee number, password.
'use client'
import { useTranslations } from 'next-intl'
import { LENGTHS } from '#lib/vocabulary.ts'
import { Field } from './field.tsx'

/** `faults` names the fields the server refused, and why. */
export function PersonFields({ faults }: { faults: Record<string, string> }) {
  const t = useTranslations('field')
  const faultOf = (name: string) => (faults[name] ? { fault: faults[name] } : {})
  return (
    <>
      <Field
        label={t('personName')}
        name="name"
        autoComplete="off"
        maxLength={LENGTHS.personName}
        required
        {...faultOf('name')}
      />
      <Field
        label={t('employeeNo')}
        name="employee_no"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={LENGTHS.employeeNo}
        required
        {...faultOf('employee_no')}
      />
      <Field
        label={t('password')}
        name="password"
        type="password"
        autoComplete="new-password"
        hint={t('passwordHint')}
        minLength={8}
        maxLength={LENGTHS.password}
        required
        {...faultOf('password')}
      />
    </>
  )
}

/** What was typed. */
export function personOf(form: HTMLFormElement) {
  const data = new FormData(form)
  const field = (name: string) => String(data.get(name) ?? '')
  return {
    name: field('name').trim(),
    employee_no: field('employee_no').trim(),
    password: field('password'),
  }
}
