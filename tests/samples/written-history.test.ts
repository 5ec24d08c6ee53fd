import { describe, expect, it } from 'vitest'
import type { OpenHistory } from '#lib/samples/history.ts'
import type { MeasuredEcho } from '#lib/samples/history-contract.ts'
import { csvCell, csvNameOf, toCsvText, toJsonText } from '#lib/samples/written-history.ts'

const AT = '2026-01-31T08:00:00.000Z'
const reply: MeasuredEcho = { at: AT, rtt_ms: 12.5, outcome: 'reply' }
const lost: MeasuredEcho = { at: AT, rtt_ms: null, outcome: 'lost' }

function historyOf(pages: OpenHistory['pages'], label = 'core'): OpenHistory {
  const target = { id: '01900000-0000-7000-8000-000000000001', host: '2001:db8::1', label }
  return { head: { target, from: AT, to: AT, resolution: 'raw', bucket_seconds: null }, pages }
}
async function* paged(...pages: MeasuredEcho[][]): AsyncGenerator<MeasuredEcho[]> {
  yield* pages
}
async function textOf(chunks: AsyncGenerator<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

describe('a history as CSV', () => {
  it('has a header row and a line for each echo, across pages', async () => {
    const text = await textOf(toCsvText(historyOf(paged([reply], [lost]))))
    expect(text).toBe(
      [
        'at,host,label,rtt_ms,outcome',
        `${AT},2001:db8::1,core,12.5,reply`,
        `${AT},2001:db8::1,core,,lost`,
        '',
      ].join('\r\n'),
    )
  })

  it('has its header row even when nothing was measured', async () => {
    expect(await textOf(toCsvText(historyOf(paged())))).toBe('at,host,label,rtt_ms,outcome\r\n')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '＝1', '＋1', '－1', '＠x'])(
    'makes a text of %j, which a spreadsheet would run',
    (cell) => {
      expect(csvCell(cell)).toBe(`'${cell}`)
    },
  )

  it('quotes what would break a line or a cell', () => {
    expect(csvCell('a,b')).toBe('"a,b"')
    expect(csvCell('say "hi"')).toBe('"say ""hi"""')
    expect(csvCell('\r=1')).toBe('"\'\r=1"')
    expect(csvCell('plain 文字')).toBe('plain 文字')
    expect(csvCell(-1)).toBe('-1')
  })

  it('neutralises the label of a target in every line', async () => {
    const text = await textOf(toCsvText(historyOf(paged([reply, lost]), '=cmd|"/c calc"')))
    expect(text.split('\r\n').slice(1, 3)).toEqual([
      `${AT},2001:db8::1,"'=cmd|""/c calc""",12.5,reply`,
      `${AT},2001:db8::1,"'=cmd|""/c calc""",,lost`,
    ])
  })

  it('is named by host and time in plain letters', () => {
    expect(csvNameOf(historyOf(paged()))).toBe('2001-db8-1-20260131T080000Z.csv')
  })
})

describe('a history as JSON', () => {
  it.each([[[]], [[[]]], [[[reply]]], [[[reply], [], [lost, reply]]]])(
    'is one document, whatever its pages: %j',
    async (pages) => {
      const history = historyOf(paged(...pages))
      const document = JSON.parse(await textOf(toJsonText(history)))
      expect(document).toEqual({ ...history.head, items: pages.flat(), next_cursor: null })
    },
  )
})
