/**
 * The pages of one origin: pane, functions, and in sample and lab the workbench with npm's own
 * office.js. The shipped pane keeps Microsoft's CDN tag; here, where nobody has Excel, the tag is
 * rewritten to the package's file while it is served (rulings 25).
 */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { isPlayground, type RelayConfig } from './config.ts';

type PageConfig = Pick<RelayConfig, 'profile' | 'pages'>;

export const OFFICE_CDN = 'https://appsforoffice.microsoft.com';
const OFFICE_CDN_TAG =
  /https:\/\/appsforoffice\.microsoft\.com\/lib\/1(?:\.1)?\/hosted\/office\.js/g;
const OFFICE_OWN = '/office/office.js';
/** Excel on the web; Microsoft publishes no full list (office-js-docs-pr 4911), so it is settable. */
const FRAME_ANCESTORS = [
  "'self'", 'https://*.officeapps.live.com', 'https://excel.cloud.microsoft',
  'https://*.sharepoint.com', 'https://*.office.com', 'https://onedrive.live.com',
]; // prettier-ignore
/** Excel loads these two from its own origin. */
const OPEN_FILES = new Set(['/functions.js', '/functions.json']);

export async function addPages(app: FastifyInstance, config: PageConfig): Promise<void> {
  const { dist, office, sampleWorkbook } = config.pages;
  const isPlay = isPlayground(config.profile);
  if (dist) await addBuilt(app, config, resolve(dist), isPlay);
  if (office && isPlay) {
    const root = resolve(office);
    await app.register(fastifyStatic, {
      root,
      prefix: '/office/',
      decorateReply: false,
      index: false,
    });
  }
  if (sampleWorkbook && isPlay) addWorkbook(app, resolve(sampleWorkbook));
}

/** Only a page has a policy that lets scripts run, and only ours and Microsoft's. */
export function pagePolicy(config: PageConfig): string {
  const { pages } = config;
  const office = hasOwnOffice(config) ? '' : ` ${OFFICE_CDN}`;
  return [
    "default-src 'none'",
    `script-src 'self'${office}`,
    // Excel on the web and Fluent UI put style elements in; styles only (office-js 1687).
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self'`,
    "frame-src 'self'",
    `frame-ancestors ${[...FRAME_ANCESTORS, ...pages.frameAncestors].join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** For real Excel the sample, too, keeps Microsoft's address: then no folder is configured. */
const hasOwnOffice = ({ profile, pages }: PageConfig): boolean =>
  isPlayground(profile) && pages.office !== undefined;

async function addBuilt(
  app: FastifyInstance,
  config: PageConfig,
  dist: string,
  isPlay: boolean,
): Promise<void> {
  const policy = pagePolicy(config);
  const page = async (name: string, reply: FastifyReply): Promise<FastifyReply> => {
    const html = await readPage(join(dist, name));
    const own = hasOwnOffice(config);
    return sendPage(reply, policy, own ? html.replace(OFFICE_CDN_TAG, OFFICE_OWN) : html);
  };
  app.get('/taskpane.html', (_request, reply) => page('taskpane.html', reply));
  if (isPlay) {
    app.get('/', (_request, reply) => page('workbench.html', reply));
    app.get('/workbench.html', (_request, reply) => page('workbench.html', reply));
  } else {
    app.get('/', (_request, reply) => page('taskpane.html', reply));
  }
  // The folder may not be built yet; then each page says what to do.
  if (!existsSync(dist)) return;
  await app.register(fastifyStatic, {
    root: dist,
    prefix: '/',
    decorateReply: false,
    index: false,
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders(reply, path) {
      if (path.endsWith('.html')) reply.header('content-security-policy', policy);
      if (!OPEN_FILES.has(path.slice(dist.length).replaceAll('\\', '/'))) return;
      reply.header('access-control-allow-origin', '*');
      reply.header('cross-origin-resource-policy', 'cross-origin');
    },
  });
}

async function readPage(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const words = 'The pages are not built yet. Run: npm run build';
    throw new AppError('SETUP_MISSING', words, { cause });
  }
}

function sendPage(reply: FastifyReply, policy: string, html: string): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('cross-origin-opener-policy', 'same-origin-allow-popups')
    .type('text/html; charset=utf-8')
    .send(html);
}

function addWorkbook(app: FastifyInstance, path: string): void {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  app.get('/sample/billing.xlsx', async (_request, reply) => {
    if (!existsSync(path)) throw new AppError('NOT_FOUND', 'The sample workbook was not made yet.');
    return reply.type(type).send(await readFile(path));
  });
}
