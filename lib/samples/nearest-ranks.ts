// Finds what stands at some ranks among many numbers, without sorting them all.

/** Halving comes to an end long before; a row made to defeat it is sorted. */
const MOST_ROUNDS = 64

/** The numbers that sorting would put at these places, from 0 and in ascending order; changes their order. */
export function atPlaces(values: Int32Array, places: readonly number[]): number[] {
  let low = 0
  return places.map((place) => {
    settle(values, { low, high: values.length - 1, place })
    low = place
    return values[place] ?? 0
  })
}

// Quickselect (Hoare, "Find", 1961): afterwards nothing before the place is greater, nothing after it less.
function settle(
  values: Int32Array,
  { low, high, place }: { low: number; high: number; place: number },
): void {
  for (let round = 0; low < high; round += 1) {
    if (round === MOST_ROUNDS) {
      values.subarray(low, high + 1).sort()
      return
    }
    const pivot = middleOf(values[low] ?? 0, values[(low + high) >> 1] ?? 0, values[high] ?? 0)
    let i = low
    let j = high
    while (i <= j) {
      while ((values[i] ?? pivot) < pivot) i += 1
      while ((values[j] ?? pivot) > pivot) j -= 1
      if (i > j) break
      const greater = values[i] ?? 0
      values[i] = values[j] ?? 0
      values[j] = greater
      i += 1
      j -= 1
    }
    if (place <= j) high = j
    else if (place >= i) low = i
    else return
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
