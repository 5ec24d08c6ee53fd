// What `npm run channels` is asked for: sending to a name, or listening to names.
import { parseArgs } from 'node:util'
import type { Message } from '#lib/channels/message.ts'
import { LaunchFault } from './launch-fault.ts'

export type ListenCommand = { kind: 'listen'; channels: string[]; groups: string[] }
export type ChannelCommand =
  | { kind: 'send' | 'group-send'; name: string; message: Message }
  | ListenCommand

const USAGE = `Speaks through the channel layer from outside any connection:
  npm run channels -- send <channel> <json>
  npm run channels -- group-send <group> <json>
  npm run channels -- listen <channel> …
  npm run channels -- listen --group <group> …
A message is a JSON object with a "type", such as '{"type":"hello"}'.`

/** Throws `LaunchFault` with the usage for words that are no command. */
export function readChannelCommand(words: string[]): ChannelCommand {
  const { positionals, groups } = parse(words)
  const [kind, ...names] = positionals
  if (kind === 'listen' && names.length + groups.length > 0) {
    return { kind, channels: names, groups }
  }
  const [name, json, ...rest] = names
  const isSending = kind === 'send' || kind === 'group-send'
  if (isSending && name && json !== undefined && rest.length + groups.length === 0) {
    return { kind, name, message: readMessage(json) }
  }
  throw new LaunchFault(USAGE)
}

function parse(words: string[]): { positionals: string[]; groups: string[] } {
  try {
    const options = { group: { type: 'string', multiple: true } } as const
    const { positionals, values } = parseArgs({ args: words, options, allowPositionals: true })
    return { positionals, groups: values.group ?? [] }
  } catch (cause) {
    throw new LaunchFault(USAGE, { cause })
  }
}

function readMessage(json: string): Message {
  try {
    const message: unknown = JSON.parse(json)
    if (isMessage(message)) return message
  } catch (cause) {
    throw new LaunchFault(`This is no JSON: ${json}`, { cause })
  }
  throw new LaunchFault(`A message is a JSON object with a "type", and this is none: ${json}`)
}

// What JSON.parse gives is JSON: an object with a type is a message.
function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'type' in value && isText(value.type)
}

const isText = (value: unknown) => typeof value === 'string'
