// What every page of the browser shares: looks, the query cache, toasts.
'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { type ReactNode, useState } from 'react'
import { RequestError } from './_data/request.ts'
import { Toasts } from './_ui/toasts.tsx'

type ProvidersProps = { nonce: string | undefined; children: ReactNode }

export function Providers({ nonce, children }: ProvidersProps) {
  const [client] = useState(createClient)
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

// The live connection brings news; asking again is for coming back to a tab.
function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: 30_000, retry: mayRetry } },
  })
}

const MOST_RETRIES = 3

function mayRetry(failures: number, error: Error): boolean {
  if (failures >= MOST_RETRIES || !(error instanceof RequestError)) return false
  return error.code === 'unreachable' || error.code === 'unavailable'
}
