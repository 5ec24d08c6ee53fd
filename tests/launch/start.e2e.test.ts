import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '#lib/launch/ports.ts'
import { type Launched, launch, processesOf } from '../support/launched.ts'
import { until } from '../support/until.ts'

let folder: string
let port: number
let settings: Record<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'echowall-start-'))
  port = await freePort('127.0.0.1')
  settings = { DATA_DIR: join(folder, 'data'), PORT: String(port) }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function pidOf(entry: string): Promise<number> {
  const found = (await processesOf(folder)).find(({ command }) => command.includes(entry))
  return found?.pid ?? 0
}

async function isReady(): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
  return answer?.status === 200
}

/** Ends it and all that it started, so that a failed test is not the next one's failure. */
async function kill(launched: Launched | undefined): Promise<void> {
  launched?.process.kill('SIGKILL')
  await launched?.ended
  await until(async () => (await processesOf(folder)).length === 0, 15_000)
}

/** Its whole output and exit code when it cannot go on. */
async function refusal(changes: Record<string, string>): Promise<[unknown, string]> {
  const launched = launch({ ...settings, ...changes })
  return [await launched.ended, launched.output().trim()]
}

describe('npm start', () => {
  let running: Launched

  beforeAll(async () => {
    running = launch(settings)
    await running.ready()
  })
  afterAll(() => kill(running))

  it('prints the wall, the set-up link, the prober and where the data lie', () => {
    const output = running.output()
    expect(output).toContain(`http://127.0.0.1:${port}\n`)
    expect(output).toMatch(/\/setup\?token=ew_setup_[\w-]{32}/)
    expect(output).toMatch(/Prober +(icmp|ping-command)/)
    expect(output).toContain(`Data    ${join(folder, 'data')}`)
  })

  it('refuses to run twice on the same data', async () => {
    const [code, output] = await refusal({ PORT: '0' })
    expect(code).toBe(1)
    expect(output).toMatch(/^Echowall already runs with the data in \S+: stop it first.*\.$/)
  })

  for (const entry of ['lib/server/main.ts', 'worker/main.ts', 'bin/postgres']) {
    it(`starts ${entry} again when it is killed`, async () => {
      const before = await pidOf(entry)
      process.kill(before, 'SIGKILL')
      await until(async () => ![0, before].includes(await pidOf(entry)), 15_000)
      await until(isReady, 30_000)
    })
  }

  it('stops everything within 10 s of SIGTERM, with exit code 0', async () => {
    running.process.kill('SIGTERM')
    const stoppedAt = performance.now()
    expect(await running.ended).toBe(0)
    expect(performance.now() - stoppedAt).toBeLessThan(10_000)
    expect(await processesOf(folder)).toEqual([])
  })
})

describe('npm start on data that it made before', () => {
  let running: Launched | undefined

  afterEach(() => kill(running))

  it('is ready again soon, and leaves nothing behind when it is killed itself', async () => {
    running = launch(settings)
    await running.ready()
    running.process.kill('SIGTERM')
    await running.ended

    const startedAt = performance.now()
    running = launch(settings)
    await running.ready()
    // 5 s promised, times five for a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(25_000)
    expect(await isReady()).toBe(true)

    running.process.kill('SIGKILL')
    await until(async () => (await processesOf(folder)).length === 0, 15_000)
  })

  it('takes one Ctrl-C that arrives twice for one, as npm passes it on', async () => {
    running = launch(settings)
    await running.ready()
    running.process.kill('SIGINT')
    running.process.kill('SIGINT')
    expect(await running.ended).toBe(0)
    expect(await processesOf(folder)).toEqual([])
  })
})

describe('npm start says in one sentence what to do about', () => {
  it('a taken port', async () => {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    const [code, output] = await refusal({})
    await new Promise((resolve) => server.close(resolve))
    expect(code).toBe(1)
    expect(output).toMatch(/^Port \d+ on 127\.0\.0\.1 is taken: .*PORT=\d+ npm start\.$/)
  })

  it('a database that does not answer, without telling its password', async () => {
    const DATABASE_URL = `postgres://someone:secret@127.0.0.1:${await freePort('127.0.0.1')}/wall`
    const [code, output] = await refusal({ DATABASE_URL })
    expect(code).toBe(1)
    expect(output).toMatch(/^The database wall at \S+ does not answer \(ECONNREFUSED\): .*\.$/)
    expect(output).not.toContain('secret')
  })

  it('data of another PostgreSQL version', async () => {
    const data = join(folder, 'old')
    await mkdir(join(data, 'postgres'), { recursive: true })
    await writeFile(join(data, 'postgres', 'PG_VERSION'), '16\n')
    const [code, output] = await refusal({ DATA_DIR: data })
    expect(code).toBe(1)
    expect(output).toMatch(/are of PostgreSQL 16, but this is PostgreSQL 18: .*\.$/)
  })

  it('settings, all of them at once', async () => {
    const [code, output] = await refusal({ PORT: 'many', PROBER: 'pigeon' })
    expect(code).toBe(1)
    expect(output).toMatch(/PORT:[\s\S]*PROBER:/)
  })

  it('a data folder that is a file', async () => {
    await writeFile(join(folder, 'file'), '')
    const [code, output] = await refusal({ DATA_DIR: join(folder, 'file') })
    expect(code).toBe(1)
    expect(output).toMatch(/^\S+file cannot be read and written \(EEXIST\): .*\.$/)
  })
})
