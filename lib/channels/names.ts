// How channels and groups are named: bounds, checks, and the names in use.
import { randomBytes } from 'node:crypto'

const NAME = /^[A-Za-z0-9._-]{1,99}$/
const CHANNEL = /^(?=.{1,99}$)[A-Za-z0-9._-]+(![A-Za-z0-9._-]+)?$/

/** Throws `TypeError` unless `name` may name a group: 1 to 99 of `[A-Za-z0-9._-]`. */
export function checkGroupName(name: string): void {
  if (!NAME.test(name)) throw new TypeError(`Not a group name: ${JSON.stringify(name)}`)
}

/** Throws `TypeError` unless `name` may name a channel: as a group, with at most one `!` inside. */
export function checkChannelName(name: string): void {
  if (!CHANNEL.test(name)) throw new TypeError(`Not a channel name: ${JSON.stringify(name)}`)
}

/** `prefix.<node>!<random>`: heard by the process `node` alone. */
export function processChannelName(prefix: string, node: string): string {
  const name = `${prefix}.${node}!${randomBytes(9).toString('base64url')}`
  checkChannelName(name)
  return name
}

/** The node a process channel lives in, or undefined for a channel with an ordinary name. */
export function nodeOfChannel(channel: string): string | undefined {
  const mark = channel.indexOf('!')
  if (mark < 0) return undefined
  return channel.slice(channel.lastIndexOf('.', mark) + 1, mark)
}

/** A name for this process that no other has. */
export function newNodeName(): string {
  return randomBytes(6).toString('hex')
}

/** Who watches a ping group. */
export const groupOfWatchers = (groupId: string) => `group.${groupId}`
/** Every connection of one person. */
export const groupOfUser = (userId: string) => `user.${userId}`
/** The ping processes. */
export const WORKERS = 'workers'
/** Whoever must ask again what may be seen. */
export const ACCESS = 'access'
/** Whoever shows whether results are stored. */
export const STORAGE = 'storage'
