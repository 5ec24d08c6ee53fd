// What was measured of one target in a window, as one file for whoever must believe it.
import { parseCookie } from 'cookie'
import { methods, type RouteHandler, route } from '#lib/http/route.ts'
import { chooseLocale, LOCALE_COOKIE } from '#lib/language/locale.ts'
import { ProofWindow } from '#lib/proof/contract.ts'
import { openPack } from '#lib/proof/pack.ts'
import { InTarget } from '#lib/targets/contract.ts'

const InWindow = InTarget.extend(ProofWindow.shape)

// In the language of the pages, unless another is asked for.
const answerPack: RouteHandler = (request, context) => {
  const cookie = parseCookie(request.headers.get('cookie') ?? '')[LOCALE_COOKIE]
  const own = chooseLocale(cookie, request.headers.get('accept-language'))
  const answer = route(
    InWindow,
    (ctx, asked) => openPack(ctx, { ...asked, locale: asked.locale ?? own }),
    {
      stream: ({ fileName, chunks }) => ({ type: 'application/zip', fileName, chunks }),
    },
  )
  return answer(request, context)
}

export const { GET, POST, PUT, PATCH, DELETE } = methods({ GET: answerPack })
