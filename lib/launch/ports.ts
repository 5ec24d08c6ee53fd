// Ports of this machine: whether one may be listened on, and which one is free.
import { createServer } from 'node:net'
import { LaunchFault, systemCode } from './launch-fault.ts'

/** A port that nobody listens on, as the system chooses it. */
export function freePort(host: string): Promise<number> {
  return tryPort(host, 0)
}

/** Throws `LaunchFault`, saying what to do, when the web process could not listen there. */
export async function requirePort(host: string, port: number): Promise<void> {
  try {
    await tryPort(host, port)
  } catch (error) {
    throw new LaunchFault(faultOf(systemCode(error), host, port), { cause: error })
  }
}

function faultOf(code: string | undefined, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken: stop the program that has it, or choose another with PORT=${port + 1} npm start.`
    case 'EACCES':
      return `This user may not listen on port ${port}: choose one above 1023 with PORT=3000 npm start.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: set HOST to one of its addresses.`
    default:
      return `The web process cannot listen on ${host}:${port} (${code}): choose others with HOST and PORT.`
  }
}

async function tryPort(host: string, port: number): Promise<number> {
  const server = createServer()
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
