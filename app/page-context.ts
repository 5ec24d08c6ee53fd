// Who asks for this page: the same context the verbs get, and the two doors in front of it.
import { cookies, headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import type { Ctx, UserActor } from '#lib/auth/context.ts'
import { AppError } from '#lib/errors.ts'
import { house } from '#lib/http/house.ts'
import { contextOf } from '#lib/http/route.ts'

export async function pageContext(): Promise<Ctx> {
  return contextOf(house(), new Headers(await headers()))
}

/** For a page of signed-in people; others are sent to sign in. */
export async function signedInContext(): Promise<{ ctx: Ctx; actor: UserActor }> {
  const ctx = await pageContext()
  if (ctx.actor.kind !== 'user') redirect('/sign-in')
  return { ctx, actor: ctx.actor }
}

/** For a page of administrators; to others it does not exist. */
export async function adminContext(): Promise<{ ctx: Ctx; actor: UserActor }> {
  const signedIn = await signedInContext()
  if (signedIn.actor.role !== 'admin') notFound()
  return signedIn
}

/** What a page is about; where it is missing, or hidden, the page does not exist. */
export async function orNotFound<Found>(reading: Promise<Found>): Promise<Found> {
  return await reading.catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') notFound()
    throw error
  })
}

/** A choice of looks that the browser remembered. */
export async function rememberedChoice(name: string): Promise<string | undefined> {
  return (await cookies()).get(name)?.value
}

/** What a page's URL carries behind its question mark. */
export type SearchParameters = Record<string, string | string[] | undefined>

/** Those of them that stand there once. */
export function textsOf(parameters: SearchParameters): URLSearchParams {
  const texts = Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  return new URLSearchParams(texts)
}
