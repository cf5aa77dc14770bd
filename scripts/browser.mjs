// Finds a Chromium for the browser tests: an installed one, else Debian's by apt where we are
// root, else Playwright's own download; else the browser tests skip loudly. Built-ins only.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { aptInstall } from './apt.mjs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Leaves the path of the browser in MCC_CHROMIUM for the program that follows. */
export function provide(say) {
  const found = installed() ?? fromApt(say) ?? fromPlaywright(say);
  if (found) process.env.MCC_CHROMIUM = found;
  else {
    say('NO BROWSER: the browser tests will be SKIPPED. Install Chromium or Chrome, or set');
    say('MCC_CHROMIUM to the path of one, and run the command again.');
  }
}

function installed() {
  const named = process.env.MCC_CHROMIUM;
  if (named && existsSync(named)) return named;
  return INSTALLED.find((path) => existsSync(path)) ?? playwrightCache();
}

function fromApt(say) {
  aptInstall('chromium', 'for the browser tests', say);
  return existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined;
}

function fromPlaywright(say) {
  say("Downloading Playwright's Chromium for the browser tests.");
  const cli = join('node_modules', 'playwright-core', 'cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    stdio: ['ignore', 'ignore', 2],
    timeout: 300_000,
  });
  return playwrightCache();
}

function playwrightCache() {
  const folders = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache', 'ms-playwright'),
    join(homedir(), 'Library', 'Caches', 'ms-playwright'),
    join(homedir(), 'AppData', 'Local', 'ms-playwright'),
  ];
  const inside = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-win/chrome.exe',
    'chrome-win64/chrome.exe',
  ];
  for (const folder of folders) {
    if (!folder || !existsSync(folder)) continue;
    for (const build of readdirSync(folder).filter((entry) => entry.startsWith('chromium-'))) {
      const path = inside
        .map((part) => join(folder, build, part))
        .find((candidate) => existsSync(candidate));
      if (path) return path;
    }
  }
  return undefined;
}
