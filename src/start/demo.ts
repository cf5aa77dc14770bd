// npm run demo: the sample month from refresh to spot-check in the terminal. Real HTTP between
// relay, stand-ins and this program; ends with the figures and exits.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type Client } from '../client/client.ts';
import { routes, type Batch, type SpotCheck } from '../contract/contract.ts';
import { parsePeriod } from '../core/billing-period.ts';
import { toDraft } from '../core/drafts.ts';
import { dryRun } from '../core/dry-run.ts';
import type { Decision, DryRun } from '../core/model.ts';
import { resolveReading } from '../matching/resolve.ts';
import { readSheet } from '../workbook/read-sheet.ts';
import { openXlsx } from '../workbook/xlsx-workbook.ts';
import { startServices, type Services } from './services.ts';

const DATA = join('.mcc', 'demo');
const PERIOD = parsePeriod('2026-10');
const LOOK_MS = 250;
const LOOKS_MAX = 2_400;
const REASON = 'Confirmed with the service desk in this demonstration.';

const started = performance.now();
const say = (words: string): void => console.log(words);

say('Starting the sample month (twelve posted months first) ...');
const services = await startServices({ data: DATA, port: 0, reset: true });
try {
  process.exitCode = (await play(services)) ? 0 : 1;
} finally {
  await services.stop();
  await rm(DATA, { recursive: true, force: true });
}

async function play(running: Services): Promise<boolean> {
  const client = await pair(running);
  const dry = await review(client, []);
  say(`\nNeeds a look (${String(dry.cards.length)})`);
  for (const card of dry.cards) {
    for (const flag of card.reasons) say(`  ${card.clientName}: ${flag.text}`);
  }
  say(`Notices (${String(dry.notices.length)})`);
  for (const notice of dry.notices) say(`  ${notice.text}`);
  for (const roll of dry.rollForward) {
    say(
      `Roll-forward ${roll.currency}: ${roll.opening} to ${roll.closing}, off by ${roll.difference}`,
    );
  }
  const decisions = decide(dry);
  const decided = await review(client, decisions);
  const batch = await approve(client, decided, decisions);
  const posted = await post(client, batch);
  const check = await client.call(routes.spotCheck, { params: { batch: batch.id }, body: {} });
  return sumUp(posted, check);
}

async function pair({ url, code, certificate }: Services): Promise<Client> {
  setDefaultCACertificates([...getCACertificates('default'), await readFile(certificate, 'utf8')]);
  let token: string | null = null;
  const client = createClient({ url, token: () => token, fetch });
  token = (await client.call(routes.pair, { body: { code } })).token;
  return client;
}

async function review(client: Client, decisions: readonly Decision[]): Promise<DryRun> {
  const params = { period: PERIOD };
  const { snapshotId } = await client.call(routes.refresh, { params, body: {} });
  const snapshot = await client.call(routes.snapshot, {
    params: { ...params, snapshot: snapshotId },
  });
  const { months } = await client.call(routes.history, { params });
  const file = join(DATA, 'billing.xlsx');
  const workbook = await openXlsx(await readFile(file), basename(file));
  const reading = await readSheet(workbook, { period: PERIOD });
  const { clients, services: catalogue, previous } = snapshot;
  const lines = resolveReading(reading, clients, catalogue);
  return dryRun({
    period: PERIOD,
    reading,
    lines,
    clients,
    services: catalogue,
    snapshot,
    previous,
    history: months,
    decisions,
  });
}

/** Holds who dropped to zero, keeps the rest, and uses the late counts, each with its reason. */
function decide(dry: DryRun): Decision[] {
  const ofClients = dry.cards.flatMap(({ clientId, reasons }) =>
    reasons.map((flag): Decision => ({
      clientId,
      rule: flag.rule,
      choice:
        flag.rule === 'dropped'
          ? 'hold'
          : flag.rule === 'formula typed over'
            ? 'typed over'
            : 'keep',
      reason: REASON,
    })),
  );
  const ofSources = dry.notices
    .filter((flag) => flag.blocks)
    .map((flag): Decision => ({
      clientId: null,
      rule: flag.rule,
      choice: 'use late counts',
      reason: REASON,
      ...(flag.source === null ? {} : { source: flag.source }),
    }));
  return [...ofClients, ...ofSources];
}

async function approve(
  client: Client,
  dry: DryRun,
  decisions: readonly Decision[],
): Promise<Batch> {
  const draft = toDraft(dry, 'billing.xlsx', decisions);
  const key = createHash('sha256').update(JSON.stringify(draft)).digest('hex').slice(0, 32);
  const stored = await client.call(routes.submit, { body: { key: `demo-${key}`, draft } });
  const approved = await client.call(routes.approve, {
    params: { batch: stored.id },
    body: { digest: stored.digest, version: stored.version },
  });
  say(
    `\nApproved by ${approved.approvedBy ?? ''}: ${String(approved.postings.length)} invoices, ` +
      `${approved.totals.map(({ amount, currency }) => `${amount} ${currency}`).join(', ')}, ` +
      `${String(approved.held.length)} held; fingerprint ${approved.digest.slice(0, 12)}`,
  );
  return approved;
}

async function post(client: Client, batch: Batch): Promise<Batch> {
  const params = { batch: batch.id };
  const body = { key: `demo-post-${batch.id}`, digest: batch.digest };
  let seen = await client.call(routes.post, { params, body });
  for (let looks = 0; looks < LOOKS_MAX && seen.state === 'POSTING'; looks += 1) {
    await delay(LOOK_MS);
    seen = await client.call(routes.batch, { params });
  }
  return seen;
}

function sumUp(batch: Batch, check: SpotCheck): boolean {
  const posted = batch.postings.filter(({ state }) => state === 'POSTED').length;
  const { compared, equal } = check.readBack;
  say(`Posted ${String(posted)} of ${String(batch.postings.length)} (${batch.state}).`);
  say(`Read back ${String(compared)}, equal to the cent and the line ${String(equal)}.`);
  say(`Spot-check, draw ${String(check.seed)}:`);
  for (const invoice of check.invoices) {
    say(`  ${invoice.ref}  ${invoice.clientName}  ${invoice.equal ? 'matches' : 'DIFFERS'}`);
  }
  say(`The whole month took ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  return posted === batch.postings.length && equal === compared && compared === posted;
}
