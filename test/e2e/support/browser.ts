// A real Chromium, headless. Where none is installed the browser tests skip, and say so.
import { existsSync, writeSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Set by scripts/browser.mjs; the fallbacks serve a bare Jest. */
export const chromiumPath = [process.env['MCC_CHROMIUM'] ?? '', ...PATHS].find(
  (path) => path !== '' && existsSync(path),
);

/** Without these, Chromium talks to its maker's servers at every start. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function describeBrowser(name: string, body: () => void): void {
  describeBrowser.each([name])('%s', body);
}

describeBrowser.each =
  <One extends string | number>(cases: readonly One[]) =>
  (name: string, body: (one: One) => void): void => {
    if (chromiumPath !== undefined) {
      describe.each(cases)(name, body);
      return;
    }
    // Jest swallows the console of a file whose tests are all skipped.
    writeSync(2, `SKIPPED: "${name}" needs a browser. Install Chromium or set MCC_CHROMIUM.\n`);
    describe.skip.each(cases)(name, body);
  };

export async function launch(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [...QUIET, ...(isRoot ? ['--no-sandbox'] : [])],
  });
}

export interface PageOptions {
  readonly width: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** A page that trusts the relay's own certificate, in a fresh profile. */
export async function openPage(
  browser: Browser,
  options: PageOptions,
): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: options.width, height: options.height ?? 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, context, complaints };
}
