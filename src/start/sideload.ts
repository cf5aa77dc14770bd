/** What `npm run excel` prints: how to load the add-in into desktop Excel by hand. */
import type { RelayReady } from './parts.ts';

/** A manifest has fixed addresses, so Excel needs this very port. */
export const EXCEL_PORT = 3443;

export function sideloadWords(
  { url, code, certificate }: RelayReady,
  sampleWorkbook: string | null,
): string {
  const workbook =
    sampleWorkbook === null ? '' : `\nThe sample workbook to open in Excel: ${sampleWorkbook}`;
  return `The relay is ready at ${url}. Pairing code for the pane: ${code}

Trust the relay's certificate once: ${certificate}
  Windows  certutil -user -addstore Root "${certificate}"
  Mac      security add-trusted-cert -k ~/Library/Keychains/login.keychain-db "${certificate}"

Windows  1. Put manifest.xml into a folder and share that folder (Properties, Sharing).
         2. Excel: File, Options, Trust Center, Trust Center Settings, Trusted Add-in Catalogs:
            add the folder's \\\\computer\\share address, tick "Show in Menu", restart Excel.
         3. Home, Add-ins, More Add-ins, SHARED FOLDER: choose MCC Month-End Close.
Mac      1. mkdir -p ~/Library/Containers/com.microsoft.Excel/Data/Documents/wef
         2. cp manifest.xml ~/Library/Containers/com.microsoft.Excel/Data/Documents/wef/
         3. Restart Excel; Home, Add-ins: choose MCC Month-End Close.

Then choose Open MCC on the Home tab and type the pairing code.${workbook}
Excel on the web cannot reach a relay on this computer: that needs team mode.
Ctrl+C stops the relay.`;
}
