// Remembers a choice of looks where the server can read it before the first paint.
const YEAR_SECONDS = 365 * 24 * 3_600

export function rememberChoice(name: string, value: string): void {
  // The Cookie Store API is missing from Firefox before 140 and from pages on plain http.
  // biome-ignore lint/suspicious/noDocumentCookie: no other way there.
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`
}
