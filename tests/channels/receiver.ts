// What a test receives by: a handler that writes down its messages and may be held up.
import type { Handler } from '#lib/channels/layer.ts'
import type { Message } from '#lib/channels/message.ts'
import { until } from '../support/until.ts'

export type Receiver = {
  handler: Handler
  /** What was handed over so far, the message in hand included. */
  messages: Message[]
  /** Resolves with all messages once there are `count`. */
  untilCount(count: number): Promise<Message[]>
  /** From now on the handler does not come back from a message until `letGo`. */
  hold(): void
  letGo(): void
}

export function createReceiver(): Receiver {
  const messages: Message[] = []
  let held: Promise<void> | undefined
  let letGo = () => {}

  return {
    messages,
    handler: async (message) => {
      messages.push(message)
      await held
    },
    async untilCount(count) {
      await until(() => messages.length >= count, 5_000, `${count} messages`)
      return messages
    },
    hold() {
      held = new Promise((resolve) => {
        letGo = resolve
      })
    },
    letGo() {
      held = undefined
      letGo()
    },
  }
}
