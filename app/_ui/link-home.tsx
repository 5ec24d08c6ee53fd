// The way back to the wall, from pages that lead nowhere else.
import Link from 'next/link'

export function LinkHome({ children }: { children: string }) {
  return (
    <Link
      href="/"
      className="inline-flex h-9 items-center justify-center rounded-8 border border-line-strong px-4 text-14 hover:bg-raised"
    >
      {children}
    </Link>
  )
}
