// A disk of a few megabytes in memory, which a test fills up and clears again.
import { spawnSync } from 'node:child_process'
import { mkdtemp, open, rm, rmdir, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MB = 1024 * 1024
const PIECE = Buffer.alloc(MB)

export type SmallDisk = {
  folder: string
  freeMegabytes(): Promise<number>
  /** Leaves so much of it free, whatever was free before. */
  fill(leftMegabytes: number): Promise<void>
  /** Takes away what `fill` has put there. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** Undefined where nothing may be mounted. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-disk-'))
  const mount = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'echowall-test', folder]
  if (spawnSync('mount', mount, { stdio: 'ignore' }).status !== 0) {
    await rmdir(folder)
    return undefined
  }
  const ballast = join(folder, 'ballast')
  const clear = () => rm(ballast, { force: true })

  return {
    folder,
    freeMegabytes,
    async fill(leftMegabytes) {
      await clear()
      const file = await open(ballast, 'w')
      try {
        while ((await freeMegabytes()) > leftMegabytes) await file.write(PIECE)
      } finally {
        await file.close()
      }
    },
    clear,
    async close() {
      // Who was killed a moment ago may still have a file open.
      spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' })
      await rmdir(folder)
    },
  }

  async function freeMegabytes(): Promise<number> {
    const { bsize, bavail } = await statfs(folder)
    return (bsize * bavail) / MB
  }
}
