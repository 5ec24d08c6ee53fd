import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchPage } from '../../app/_data/page-life.ts'

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
const frame = new EventTarget()
const connection = { rest: vi.fn(), retryNow: vi.fn() }
let unwatch: () => void

beforeEach(() => {
  vi.stubGlobal('document', page)
  vi.stubGlobal('window', frame)
  unwatch = watchPage(connection)
})
afterEach(() => {
  unwatch()
  vi.unstubAllGlobals()
  vi.clearAllMocks()
})

const show = (visibilityState: string) => {
  page.visibilityState = visibilityState
  page.dispatchEvent(new Event('visibilitychange'))
}
const pageShow = (persisted: boolean) =>
  frame.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))

describe('a page', () => {
  it('lets its connection go when it is frozen or left', () => {
    page.dispatchEvent(new Event('freeze'))
    frame.dispatchEvent(new Event('pagehide'))
    expect(connection.rest).toHaveBeenCalledTimes(2)
  })

  it('does not wait to connect again once it is woken, taken back, shown, or has a network', () => {
    page.dispatchEvent(new Event('resume'))
    pageShow(true)
    show('visible')
    frame.dispatchEvent(new Event('online'))
    expect(connection.retryNow).toHaveBeenCalledTimes(4)
  })

  it('keeps its connection when it is only hidden, or shown for the first time', () => {
    show('hidden')
    pageShow(false)
    expect(connection.rest).not.toHaveBeenCalled()
    expect(connection.retryNow).not.toHaveBeenCalled()
  })

  it('hears nothing more once it is unwatched', () => {
    unwatch()
    page.dispatchEvent(new Event('freeze'))
    expect(connection.rest).not.toHaveBeenCalled()
  })
})
