// Signs somebody in with employee number and password, counting every failure.
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { NewUser } from '#lib/accounts/contract.ts'
import type { Config } from '#lib/config.ts'
import type { Db } from '#lib/db/client.ts'
import { users } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import { LENGTHS } from '#lib/vocabulary.ts'
import { isPassword } from './password.ts'
import { type Client, openSession } from './session-life.ts'
import { countFailure, failureKeys, forgetFailures, secondsToWait } from './sign-in-limit.ts'
import { createTurns } from './turns.ts'

type Here = { db: Db; config: Config }
export type SignedIn = { userId: string; name: string; sessionId: string }

const Attempt = z.object({
  employee_no: NewUser.shape.employee_no,
  password: z.string().min(1).max(LENGTHS.password),
})

// A password takes 19 MiB and a thread of libuv's four. Few at once also means that a burst of
// guesses cannot pass the limit together.
const takeTurn = createTurns({ atOnce: 2, waiting: 200, refusal: crowded })

/**
 * Opens a session for whoever knows the password; undefined for a wrong number or password and
 * for a disabled account, all alike and in the same time. Throws `rate_limited` after too many
 * failures of this account or from this address.
 */
export function signIn(here: Here, sent: unknown, client: Client): Promise<SignedIn | undefined> {
  return takeTurn(async () => {
    const attempt = Attempt.safeParse(sent).data
    const person = await checkPassword(here, client.address, attempt)
    if (!person) return undefined
    return { ...person, sessionId: await openSession(here, person.userId, client) }
  })
}

/** Whether this is the password of the account; failures count as failed sign-ins do. */
export function confirmPassword(
  here: Here,
  employeeNo: string,
  password: string,
): Promise<boolean> {
  return takeTurn(async () => {
    const attempt = { employee_no: employeeNo, password }
    return (await checkPassword(here, '', attempt)) !== undefined
  })
}

async function checkPassword(
  { db, config }: Here,
  address: string,
  attempt: z.infer<typeof Attempt> | undefined,
) {
  const employeeNo = attempt?.employee_no
  const keys = failureKeys(config.AUTH_SECRET ?? '', { employeeNo, address })
  const seconds = await secondsToWait(db, keys)
  if (seconds > 0) throw tooManyFailures(seconds)

  const user = attempt && (await findUser(db, attempt.employee_no))
  const isRight = await isPassword(user?.passwordHash ?? null, attempt?.password ?? '')
  if (!user || !isRight || user.disabledAt) {
    await countFailure(db, keys)
    return undefined
  }
  const [account] = keys
  if (account) await forgetFailures(db, account)
  return { userId: user.id, name: user.name }
}

async function findUser(db: Db, employeeNo: string) {
  const [user] = await db.select().from(users).where(eq(users.employeeNo, employeeNo))
  return user
}

function crowded(): AppError {
  return new AppError('unavailable', 'Too many people sign in just now. Try again.', {
    retryAfterSeconds: 5,
  })
}

function tooManyFailures(retryAfterSeconds: number): AppError {
  return new AppError('rate_limited', 'Too many failed sign-ins. Wait, then try again.', {
    retryAfterSeconds,
  })
}
