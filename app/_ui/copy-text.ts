// Puts text on the clipboard, also where plain HTTP hides the clipboard from pages.

/** Call it from a click or a key: elsewhere browsers refuse. Rejects when they do. */
export async function copyText(text: string): Promise<void> {
  if (isSecureContext) await navigator.clipboard.writeText(text)
  else copyByCommand(text)
}

// The old command is all there is outside of HTTPS and loopback.
function copyByCommand(text: string): void {
  const offer = (event: ClipboardEvent) => {
    event.preventDefault()
    event.clipboardData?.setData('text/plain', text)
  }
  document.addEventListener('copy', offer)
  const isCopied = document.execCommand('copy')
  document.removeEventListener('copy', offer)
  if (!isCopied) throw new Error('The browser does not let this page copy.')
}
