// What was typed into a field before the page came alive counts as typed.

/** The `ref` of a controlled field: hands on what the field held before React knew of it. */
export function earlyInput(value: string, onValue: (typed: string) => void) {
  return (field: HTMLInputElement | HTMLTextAreaElement | null) => {
    if (field && field.value !== value) onValue(field.value)
  }
}
