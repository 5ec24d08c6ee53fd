// The query cache of a page: what is kept, for how long, and what is asked for again.
import { QueryClient } from '@tanstack/react-query'
import { RequestError } from './request.ts'

const MOST_RETRIES = 3

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The live connection brings news; asking again is for coming back to a tab.
        staleTime: 30_000,
        retry: mayRetry,
        // Optimistic changes know their own objects again, and no thousand rows are compared.
        structuralSharing: false,
      },
    },
  })
}

function mayRetry(failures: number, error: Error): boolean {
  if (failures >= MOST_RETRIES || !(error instanceof RequestError)) return false
  return error.code === 'unreachable' || error.code === 'unavailable'
}
