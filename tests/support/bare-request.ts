// A request as Node's server hands it over, without a server.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

export type Asked = { method?: string; httpVersion?: string; headers?: NodeJS.Dict<string> }

export function bareRequest(asked: Asked): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url: '/live', ...asked })
}
