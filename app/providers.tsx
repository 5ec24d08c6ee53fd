// What every page of the browser shares: looks, the query cache, toasts.
'use client'
import { QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { type ReactNode, useState } from 'react'
import { createQueryClient } from './_data/query-client.ts'
import { Toasts } from './_ui/toasts.tsx'

type ProvidersProps = { nonce: string | undefined; children: ReactNode }

export function Providers({ nonce, children }: ProvidersProps) {
  const [client] = useState(createQueryClient)
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="dark"
      disableTransitionOnChange
      {...(nonce !== undefined && { nonce })}
    >
      <QueryClientProvider client={client}>
        {children}
        <Toasts />
      </QueryClientProvider>
    </ThemeProvider>
  )
}
