import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { announcement } from '#lib/launch/announce.ts'
import { LaunchFault } from '#lib/launch/launch-fault.ts'
import { holdFolder } from '#lib/launch/only-one.ts'
import { localUrl, placeOf } from '#lib/launch/places.ts'
import { freePort, requirePort } from '#lib/launch/ports.ts'
import { keep, makeSecret, openFolder } from '#lib/launch/secrets.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'echowall-folder-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the data folder', () => {
  it('is made with everything above it', async () => {
    const made = await openFolder(join(folder, 'a', 'b'))
    expect((await stat(made)).isDirectory()).toBe(true)
  })

  it('that cannot be one is refused in one sentence', async () => {
    await writeFile(join(folder, 'file'), '')
    const opening = openFolder(join(folder, 'file'))
    await expect(opening).rejects.toThrow(/^.*file cannot be read and written \(EEXIST\): .*\.$/)
    await expect(opening).rejects.toBeInstanceOf(LaunchFault)
  })

  it('keeps a secret once made, readable by its owner alone', async () => {
    const first = await keep(folder, 'secret', makeSecret)
    expect(await keep(folder, 'secret', makeSecret)).toBe(first)
    expect(first).toMatch(/^[\w-]{43}$/)
    expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600)
  })

  it('makes a new secret in place of an empty file', async () => {
    await writeFile(join(folder, 'empty'), '\n')
    await chmod(join(folder, 'empty'), 0o600)
    const made = await keep(folder, 'empty', makeSecret)
    expect((await readFile(join(folder, 'empty'), 'utf8')).trim()).toBe(made)
  })

  it('is held by one launcher at a time, and free again afterwards', async () => {
    const release = await holdFolder(folder)
    await expect(holdFolder(folder)).rejects.toThrow(/^Echowall already runs with the data in/)
    await release()
    const again = await holdFolder(folder)
    await again()
  })
})

describe('a port', () => {
  it('that is taken is named, with what to do', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(requirePort('127.0.0.1', port)).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken: stop the program that has it, or choose another with PORT=${port + 1} npm start.`,
    )
    expect(await freePort('127.0.0.1')).not.toBe(port)
    await new Promise((resolve) => server.close(resolve))
    await requirePort('127.0.0.1', port)
  })

  it('on an address of another machine is refused', async () => {
    await expect(requirePort('192.0.2.1', 3000)).rejects.toThrow('is no address of this machine')
  })
})

describe('the announcement', () => {
  const facts = {
    wallUrl: 'http://127.0.0.1:3000',
    setupUrl: 'http://127.0.0.1:3000/setup?token=x',
    prober: 'ping-command',
    advice: 'allow ICMP sockets',
    data: '/somewhere/.data',
  }

  it('names the wall, the set-up link, the prober with its advice, and the data', () => {
    const block = announcement(facts)
    for (const fact of Object.values(facts)) expect(block).toContain(fact)
  })

  it('has no set-up link once there is an administrator', () => {
    expect(announcement({ ...facts, setupUrl: undefined })).not.toContain('Set up')
  })

  it('never shows the user and password of a database', () => {
    expect(placeOf('postgres://someone:secret@db:5432/wall')).toBe('PostgreSQL at db:5432/wall')
  })

  it('asks itself by an address that can be called, whatever it listens on', () => {
    expect(localUrl({ HOST: '0.0.0.0', PORT: 3000 })).toBe('http://127.0.0.1:3000')
    expect(localUrl({ HOST: '::', PORT: 80 })).toBe('http://[::1]:80')
    expect(localUrl({ HOST: '10.1.2.3', PORT: 80 })).toBe('http://10.1.2.3:80')
  })
})
