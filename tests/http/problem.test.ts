import { describe, expect, it } from 'vitest'
import { AppError } from '#lib/errors.ts'
import { problemHeaders, problemOf, wrongMethod } from '#lib/http/problem.ts'

describe('a problem document', () => {
  it('names the methods of a path that was asked by another', () => {
    const error = wrongMethod('GET, POST')
    expect(problemOf(error)).toMatchObject({ status: 405, detail: 'This path answers GET, POST.' })
    expect(problemHeaders(error)).toMatchObject({ allow: 'GET, POST' })
  })

  it('says when to come back in whole seconds', () => {
    const error = new AppError('unavailable', 'Later.', { retryAfterSeconds: 1.2 })
    expect(problemHeaders(error)).toMatchObject({ 'retry-after': '2', 'cache-control': 'no-store' })
    expect(problemHeaders(error)).not.toHaveProperty('allow')
  })
})
