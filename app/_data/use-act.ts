// Does something a person asked for, and says in their language when it did not work.
'use client'
import { useTranslations } from 'next-intl'
import { showToast } from '../_ui/toast.ts'
import { RequestError } from './request.ts'

/** What happened, in one sentence; which input or limit it was, the server says best. */
export function useFaultText(): (error: unknown) => string {
  const t = useTranslations('error')
  return (error) => {
    if (!(error instanceof RequestError)) return t('internal')
    const isTelling = error.code === 'invalid' || error.code === 'conflict'
    return (isTelling && error.problem?.detail) || t(error.code)
  }
}

/** `what` names the act in the toast of its failure; true when it worked. Outlives its component. */
export function useAct(): (what: string, work: () => Promise<unknown>) => Promise<boolean> {
  const t = useTranslations('error')
  const textOf = useFaultText()
  return async (what, work) => {
    try {
      await work()
      return true
    } catch (error) {
      showToast({ text: t('action', { what, why: textOf(error) }), isFault: true })
      return false
    }
  }
}
