// Frames that readers without a WebSocket post: they travel by channel.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createDispatcher } from '#lib/channels/handlers.ts'
import { ChannelFull, type Undo } from '#lib/channels/layer.ts'
import type { Message } from '#lib/channels/message.ts'
import { checkChannelName } from '#lib/channels/names.ts'
import { AppError } from '#lib/errors.ts'
import type { House } from '#lib/http/house.ts'
import { PostedAnswer, PostedFrame } from './messages.ts'
import { MAX_CLIENT_FRAME_BYTES } from './protocol.ts'

/** How long the owner may take to answer before the connection counts as missing. */
const ANSWER_MS = 2_000
/** Answers waited for at once; the mailbox they come to holds more. */
const MAX_WAITING = 1_000

export type PostedFrames = {
  /**
   * Hands the frame to the connection's owner; throws `not_found` unless it is this session's,
   * `rate_limited` while more frames wait than can be answered.
   */
  post(connection: string, session: string, frame: string): Promise<void>
  /** Listens for frames posted to one connection of this process. */
  hear(connection: string, session: string, onFrame: (text: string) => void): Promise<Undo>
  close(): Promise<void>
}

export async function createPostedFrames({ channels, log }: House): Promise<PostedFrames> {
  const replies = channels.newChannel('reply')
  const waiting = new Map<string, (accepted: boolean) => void>()
  const unreceive = await channels.receive(
    replies,
    createDispatcher({ handlers: { 'frame.answered': hearAnswer }, log }),
  )
  return { post, hear, close: async () => void (await unreceive()) }

  async function post(connection: string, session: string, frame: string): Promise<void> {
    if (waiting.size >= MAX_WAITING) throw tooMany()
    const request = randomUUID()
    const answer = new Promise<boolean>((resolve) => {
      waiting.set(request, resolve)
      setTimeout(() => resolve(false), ANSWER_MS).unref()
    })
    try {
      checkChannelName(connection)
      const posted: PostedFrame = { frame, session, request, reply_to: replies }
      await channels.send(connection, { type: 'frame.posted', ...posted })
      if (!(await answer)) throw missing()
    } catch (error) {
      if (error instanceof TypeError) throw missing()
      throw error instanceof ChannelFull ? tooMany() : error
    } finally {
      waiting.delete(request)
    }
  }

  function hearAnswer(message: Message): void {
    const { request, accepted } = PostedAnswer.parse(message)
    waiting.get(request)?.(accepted)
  }

  function hear(connection: string, session: string, onFrame: (text: string) => void) {
    const handlers = {
      'frame.posted': async (message: Message) => {
        const posted = PostedFrame.parse(message)
        const accepted = posted.session === session
        if (accepted) onFrame(posted.frame)
        const { request, reply_to } = posted
        await channels.send(reply_to, { type: 'frame.answered', request, accepted })
      },
    }
    return channels.receive(connection, createDispatcher({ handlers, log }))
  }
}

/** The text of a posted frame; throws `invalid` (413) above the bound of a frame. */
export async function readPosted(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAX_CLIENT_FRAME_BYTES) {
      throw new AppError('invalid', 'The frame is larger than 64 KiB.', { status: 413 })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooMany(): AppError {
  return new AppError('rate_limited', 'Too many frames are on their way. Send them more slowly.', {
    retryAfterSeconds: 1,
  })
}

function missing(): AppError {
  return new AppError('not_found', 'There is no such connection, or none of yours.')
}
