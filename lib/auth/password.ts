// Passwords: argon2id with OWASP's parameters, and no hint whether an account exists.
import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

// OWASP Password Storage Cheat Sheet: argon2id (the package's default), 19 MiB, 2 passes, 1 lane.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The hash to store, in PHC form. The same password typed on different keyboards is the same. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST)
}

/**
 * Whether the password is right. Without a stored hash the answer is no and costs the same time,
 * so that nobody learns from the clock which accounts exist.
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  const isRight = await verify(stored ?? (await decoy()), password.normalize('NFKC'))
  return isRight && stored !== null
}

let madeDecoy: Promise<string> | undefined

// The hash of a password nobody knows.
function decoy(): Promise<string> {
  madeDecoy ??= hash(randomBytes(32), COST)
  return madeDecoy
}
