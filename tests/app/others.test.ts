import { describe, expect, it } from 'vitest'
import {
  MOST_OTHERS,
  readOthers,
  writeOthers,
} from '../../app/groups/[groupId]/targets/[targetId]/others.ts'

describe('the targets that are compared', () => {
  it('are brought back by the URL, each once and not too many', () => {
    const read = (query: string) => readOthers(new URLSearchParams(query))
    expect(read('with=a,b,a,,c')).toEqual(['a', 'b', 'c'])
    expect(read('')).toEqual([])
    expect(read(`with=${[...Array(9).keys()].join(',')}`)).toHaveLength(MOST_OTHERS)
  })

  it('leave nothing in the URL where there are none', () => {
    expect(writeOthers(['a', 'b'])).toEqual({ with: 'a,b' })
    expect(writeOthers([])).toEqual({ with: null })
  })
})
