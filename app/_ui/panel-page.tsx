// A page with one quiet panel in the middle: signing in, setting up, an error.
import type { ReactNode } from 'react'
import { Logo } from './logo.tsx'

export function PanelPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="flex w-full max-w-90 flex-col gap-6 rounded-8 border border-line bg-surface p-6 sm:p-8">
        <Logo />
        <h1 className="text-20 font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  )
}
