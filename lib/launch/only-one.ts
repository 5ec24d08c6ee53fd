// One launcher per data folder: the first holds it until its process ends, however.
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LaunchFault, systemCode } from './launch-fault.ts'

/** Holds `folder` (a real path) and returns its release; throws `LaunchFault` when another process has it. */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const name = socketName(folder)
  const server = await listen(name)
  if (server) return () => close(server)
  if (await answers(name)) throw alreadyHeld(folder)
  // Only where sockets are files can one be left behind by a process that was killed.
  await rm(name, { force: true })
  const second = await listen(name)
  if (!second) throw alreadyHeld(folder)
  return () => close(second)
}

// A name that the system forgets with its process: Linux has abstract sockets, Windows named pipes.
function socketName(folder: string): string {
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 32)
  if (process.platform === 'linux') return `\0echowall-${id}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\echowall-${id}`
  return join(tmpdir(), `echowall-${id}.sock`)
}

async function listen(name: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy())
  return await new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (systemCode(error) === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(name, () => {
      server.unref()
      resolve(server)
    })
  })
}

async function answers(name: string): Promise<boolean> {
  const socket = connect(name)
  return await new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
}

function alreadyHeld(folder: string): LaunchFault {
  return new LaunchFault(
    `Echowall already runs with the data in ${folder}: stop it first (Ctrl-C there), or choose another folder with DATA_DIR.`,
  )
}
