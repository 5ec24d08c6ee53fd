// A number of bytes as people read it; a dash where it is not known.
import { dataSize, NOTHING } from '../../_charts/figures.ts'

export function sizeText(bytes: number | null): string {
  if (bytes === null) return NOTHING
  const { value, unit } = dataSize(bytes)
  return `${value} ${unit}`
}
