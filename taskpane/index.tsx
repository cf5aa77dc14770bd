/** The pane's entry: the only file here that knows Office and the browser's globals. */
import { createRoot } from 'react-dom/client';
import { runtime, tokenKeeper } from '../functions/runtime.ts';
import { createClient } from '../src/client/client.ts';
import { createOfficeWorkbook } from '../src/workbook/office-workbook.ts';
import { App } from './App.tsx';
import { begin } from './actions/begin.ts';
import { listen } from './actions/listen.ts';
import { createPane } from './pane.ts';
import { codeInAddress } from './session.ts';
import { keepTabInPane } from './tab-key.ts';

const delay = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

void Office.onReady(async ({ host }) => {
  if (host !== Office.HostType.Excel) return;
  const pairingCode = codeInAddress(location.hash);
  // office.js takes history.replaceState away, and a code must not stay in the address.
  if (pairingCode) location.hash = '';
  const pane = createPane({
    client: createClient({
      url: location.origin,
      token: tokenKeeper.token,
      fetch: (input, init) => fetch(input, init),
    }),
    workbook: createOfficeWorkbook({ title, delay }),
    runtime,
    keeper: tokenKeeper,
    storage: localStorage,
    pairingCode,
    delay,
    sha256,
  });
  const element = document.getElementById('pane');
  if (!element) return;
  keepTabInPane(document);
  createRoot(element).render(<App pane={pane} dark={isDarkOffice()} />);
  await begin(pane);
  await listen(pane);
});

function title(): string {
  const url = Office.context.document.url || '';
  const name = decodeURIComponent(
    url.slice(Math.max(url.lastIndexOf('/'), url.lastIndexOf('\\')) + 1),
  );
  return name === '' ? 'this workbook' : name.slice(0, 255);
}

async function sha256(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isDarkOffice(): boolean | null {
  const theme = Office.context.officeTheme as { isDarkTheme?: boolean } | undefined;
  return theme?.isDarkTheme ?? null;
}
