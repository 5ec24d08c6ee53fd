// A proof pack on its way: one zip, of which the audit trail keeps the checksum.
import { recordAudit } from '#lib/audit/write.ts'
import type { Ctx } from '#lib/auth/context.ts'
import type { Locale } from '#lib/language/locale.ts'
import type { InTarget } from '#lib/targets/contract.ts'
import type { ProofWindow } from './contract.ts'
import { proofFiles, proofNameOf } from './files.ts'
import { openProof } from './read.ts'
import { zipFiles } from './zip.ts'

export type ProofPack = { fileName: string; chunks: AsyncGenerator<Uint8Array> }

/** The pack of a window, in this language. Throws what `openProof` throws. */
export async function openPack(
  ctx: Ctx,
  { locale, ...asked }: InTarget & ProofWindow & { locale: Locale },
): Promise<ProofPack> {
  const proof = await openProof(ctx, asked)
  const { target, from, to } = proof.facts
  const chunks = zipFiles(proofFiles(proof, locale), async (sha256) => {
    await recordAudit(ctx.db, proof.actor, 'proof.packed', target.id, { from, to, sha256 })
  })
  return { fileName: proofNameOf(proof), chunks }
}
