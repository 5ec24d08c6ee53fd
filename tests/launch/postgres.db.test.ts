import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#lib/db/client.ts'
import {
  type PostgresOptions,
  type PostgresServer,
  startPostgres,
} from '#lib/launch/embedded-postgres.ts'
import { freePort } from '#lib/launch/ports.ts'
import { until } from '../support/until.ts'

let folder: string
let options: PostgresOptions
let started: PostgresServer[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'echowall-postgres-'))
  const port = await freePort('127.0.0.1')
  options = { folder: join(folder, 'postgres'), port, password: 'x y', settings: ['fsync=off'] }
  started = []
})

afterEach(async () => {
  for (const server of started) await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<PostgresServer> {
  const server = await startPostgres(options)
  started.push(server)
  return server
}

async function ask(server: PostgresServer, statement: string): Promise<unknown> {
  const { sql, close } = openDatabase({
    url: `${server.url}/postgres`,
    name: 'echowall-test',
    connections: 1,
  })
  try {
    const [row] = await sql.unsafe(statement)
    return row
  } finally {
    await close()
  }
}

async function serverPid(): Promise<number> {
  return Number.parseInt(await readFile(join(options.folder, 'postmaster.pid'), 'utf8'), 10)
}

describe('the own PostgreSQL', () => {
  it('lives on when the limit of its start has passed', async () => {
    const startLimitMs = 6_000
    options = { ...options, startLimitMs }
    const askedMs = performance.now()
    const server = await start()
    await until(() => performance.now() - askedMs > startLimitMs + 500, 2 * startLimitMs)
    expect(await ask(server, 'select 1 as one')).toEqual({ one: 1 })
  })

  it('keeps its data from start to start and listens on loopback alone', async () => {
    const first = await start()
    await ask(first, 'create table kept as select 7 as n')
    await first.close()
    const second = await start()
    expect(await ask(second, 'select n from kept')).toEqual({ n: 7 })
    expect(await ask(second, 'show listen_addresses')).toEqual({ listen_addresses: '127.0.0.1' })
  })

  it('refuses a wrong password', async () => {
    const server = await start()
    const stranger = { ...server, url: server.url.replace(/:[^:@/]+@/, ':wrong@') }
    await expect(ask(stranger, 'select 1')).rejects.toThrow('password authentication failed')
  })

  it('says when it is gone, and starts again over what a kill left', async () => {
    const server = await start()
    process.kill(await serverPid(), 'SIGKILL')
    await server.exited
    const again = await start()
    expect(await ask(again, 'select 1 as n')).toEqual({ n: 1 })
  })

  it('takes over from a server that an earlier launcher left running', async () => {
    const left = await start()
    const before = await serverPid()
    options = { ...options, port: await freePort('127.0.0.1') }
    const server = await start()
    expect(await serverPid()).not.toBe(before)
    expect(await ask(server, 'select 1 as n')).toEqual({ n: 1 })
    await left.exited
  })

  it('is not misled by a pid file whose number belongs to another process now', async () => {
    await (await start()).close()
    await writeFile(join(options.folder, 'postmaster.pid'), `${process.pid}\n`)
    const server = await start()
    expect(await ask(server, 'select 1 as n')).toEqual({ n: 1 })
  })

  it('of another version is refused in one sentence that names both', async () => {
    await mkdir(options.folder)
    await writeFile(join(options.folder, 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toThrow(/are of PostgreSQL 17, but this is PostgreSQL 18: .*\.$/)
  })

  it('never takes a folder with other things in it', async () => {
    await mkdir(options.folder)
    await writeFile(join(options.folder, 'thesis.txt'), 'years of work')
    await expect(start()).rejects.toThrow('holds something that is no PostgreSQL data')
    expect(await readdir(options.folder)).toEqual(['thesis.txt'])
  })

  it('makes its folder anew where an earlier attempt was cut off', async () => {
    await mkdir(`${options.folder}.new`)
    await writeFile(join(`${options.folder}.new`, 'PG_VERSION'), '18\n')
    const server = await start()
    expect(await ask(server, 'select 1 as n')).toEqual({ n: 1 })
    expect(await readdir(folder)).toEqual(['postgres'])
  })
})
