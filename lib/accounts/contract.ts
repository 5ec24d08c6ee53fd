// What the world sees of people and their accounts.
import { z } from 'zod'
import { pageLimit } from '#lib/page.ts'
import { LENGTHS } from '#lib/vocabulary.ts'

export const Role = z.enum(['member', 'admin'])
export type Role = z.infer<typeof Role>

export const Person = z.strictObject({
  id: z.uuid(),
  employee_no: z.string(),
  name: z.string(),
})
export type Person = z.infer<typeof Person>

export const User = z.strictObject({
  id: z.uuid(),
  employee_no: z.string(),
  name: z.string(),
  role: Role,
  disabled: z.boolean(),
  created_at: z.iso.datetime(),
})
export type User = z.infer<typeof User>

const employeeNo = z
  .string()
  .trim()
  .min(1)
  .max(LENGTHS.employeeNo)
  .regex(/^[\p{L}\p{N}._@-]+$/u, 'letters, digits and . _ @ - only')
const password = z.string().min(8).max(LENGTHS.password)
const personName = z
  .string()
  .trim()
  .min(1)
  .max(LENGTHS.personName)
  .regex(/^\P{Cc}*$/u, 'no control characters')

export const NewUser = z.strictObject({
  employee_no: employeeNo,
  password,
  name: personName,
  role: Role.default('member'),
})
export type NewUser = z.infer<typeof NewUser>

/** What the set-up link asks for: the first administrator. */
export const FirstAdministrator = z.strictObject({
  token: z.string().min(1).max(200),
  employee_no: employeeNo,
  password,
  name: personName,
})
export type FirstAdministrator = z.infer<typeof FirstAdministrator>

/** What people may change about themselves; a new password needs the current one. */
export const MyChanges = z
  .strictObject({
    name: personName.optional(),
    password: password.optional(),
    current_password: z.string().min(1).max(LENGTHS.password).optional(),
  })
  .refine((changes) => changes.password === undefined || changes.current_password !== undefined, {
    path: ['current_password'],
    message: 'A new password needs the current one.',
  })
export type MyChanges = z.infer<typeof MyChanges>

/** One page of a list; `cursor` is the `next_cursor` of the page before. */
export const PageQuery = z.strictObject({
  cursor: z.uuid().optional(),
  limit: pageLimit({ most: 500, fallback: 100 }),
})
export type PageQuery = z.infer<typeof PageQuery>

export const Session = z.strictObject({
  id: z.uuid(),
  user_agent: z.string(),
  address: z.string(),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime(),
  current: z.boolean(),
})
export type Session = z.infer<typeof Session>
