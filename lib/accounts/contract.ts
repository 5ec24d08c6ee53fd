// What the world sees of people and their accounts.
import { z } from 'zod'
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

export const NewUser = z.strictObject({
  employee_no: employeeNo,
  password,
  name: z.string().trim().min(1).max(LENGTHS.personName),
  role: Role.default('member'),
})
export type NewUser = z.infer<typeof NewUser>

/** What the set-up link asks for: the first administrator. */
export const FirstAdministrator = z.strictObject({
  token: z.string().min(1).max(200),
  employee_no: employeeNo,
  password,
  name: z.string().trim().min(1).max(LENGTHS.personName),
})
export type FirstAdministrator = z.infer<typeof FirstAdministrator>

export const Session = z.strictObject({
  id: z.uuid(),
  user_agent: z.string(),
  address: z.string(),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime(),
  current: z.boolean(),
})
export type Session = z.infer<typeof Session>
