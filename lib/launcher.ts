// A child's word to the launcher that started it; alone, a process has nobody to tell.

/** What a process says once it is ready. */
export type ReadyMessage = { type: 'ready'; port?: number; prober?: string; advice?: string }
/** Why a process can never become ready: one sentence for the operator. The launcher then ends everything. */
export type FaultMessage = { type: 'fault'; message: string }
export type LauncherMessage = ReadyMessage | FaultMessage

/** Tells the launcher, and ends this process when the launcher has died. */
export function tellLauncher(message: LauncherMessage, close: () => Promise<void>): void {
  if (!process.send) return
  process.send(message)
  process.once('disconnect', () => void close().finally(() => process.exit(0)))
}
