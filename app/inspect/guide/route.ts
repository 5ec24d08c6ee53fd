// The guide to debugging the live connection, as plain text.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const GUIDE = 'docs/debugging-the-live-connection.md'

export async function GET(): Promise<Response> {
  const text = await readFile(join(process.cwd(), GUIDE), 'utf8')
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
