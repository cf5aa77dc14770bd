/**
 * F1 to F34 of posting-safety 1.4: what makes each moment safe, the test that proves it, the fault
 * that this test switches on, and the planted bug that takes the mechanism away. With the bug the
 * test must go red; `npm run test:deep` tries every one and writes docs/proof.md.
 */
import type { Patch } from '../simulation/mutants/mutants.ts';

export interface Mechanism {
  /** F1 to F34. */
  readonly id: string;
  readonly moment: string;
  readonly mechanism: string;
  readonly test: TestName;
  /** What goes wrong in that test, by the words that switch it on and where they stand. */
  readonly fault: { readonly file: string; readonly switch: string };
  /** The mechanism taken away: by patches of its own, or by a mutant of the simulation. */
  readonly without: { readonly patches: readonly Patch[] } | { readonly mutant: string };
}

export interface TestName {
  readonly file: string;
  /** As it stands in the file, with its placeholders. */
  readonly title: string;
}

const P = 'src/relay/posting';
const T = 'test/relay/posting';
const SIMULATION: TestName = {
  file: 'test/simulation/simulation.test.ts',
  title: 'makes no duplicate, loses nothing, and says nothing false, under any weather',
};
const REGIMES = 'test/simulation/regimes.ts';
const BOOKS = `${T}/fake-books.ts`;

export const MECHANISMS: readonly Mechanism[] = [
  {
    id: 'F1',
    moment: 'Post is pressed a thousand times',
    mechanism: 'one compare-and-set starts the run; everybody else is answered with it',
    test: { file: `${T}/posting.test.ts`, title: 'gives 1,000 concurrent posts of one batch one run, on a real file' },
    fault: { file: `${T}/posting.test.ts`, switch: 'Array.from({ length: 1000 }' },
    without: { patches: [{ file: `${P}/post.ts`, from: '    if (isAnswered(batch) || (await isKnown(transaction, id, request))) return batch;\n    await holdFence(', to: '    await holdFence(' }] },
  },
  {
    id: 'F2',
    moment: 'two users approve or post at once',
    mechanism: 'version and digest in the approval; one worker per connection, its fence in every write',
    test: { file: `${T}/crash.test.ts`, title: 'a worker that was replaced writes and sends nothing any more' },
    fault: { file: `${T}/crash.test.ts`, switch: 'failpoints.arm(' },
    without: { patches: [
      { file: `${P}/engine.ts`, from: '  return connection?.fence === engine.lease.fence;', to: '  return connection !== null;' },
    ] },
  },
  {
    id: 'F3',
    moment: 'the task pane is loaded again in the middle of posting',
    mechanism: 'posting runs in the relay; the pane asks it for the batch of the month when it opens',
    test: { file: 'test/taskpane/close.test.tsx', title: 'a pane that is opened again finds the batch that is being posted' },
    fault: { file: 'test/taskpane/close.test.tsx', switch: 'cleanup();' },
    without: { patches: [{ file: 'taskpane/actions/begin.ts', from: '  const batch = month.batchId\n', to: '  const batch = month.batchId === period\n' }] },
  },
  {
    id: 'F4',
    moment: 'the sheet is edited between approving and posting',
    mechanism: 'the relay posts what was stored; its digest is made again before every send',
    test: { file: `${T}/customer.test.ts`, title: 'is refused when the stored invoice was changed behind the relay' },
    fault: { file: `${T}/customer.test.ts`, switch: 'drop trigger posting_content_is_sealed' },
    without: { patches: [{ file: `${P}/checks.ts`, from: '  return digest === posting.digest && isInBatch && isSame && seal.holds;', to: '  return digest !== seal.digest || isInBatch || isSame;' }] },
  },
  {
    id: 'F5',
    moment: 'the mapping is changed between approving and posting',
    mechanism: 'customer and version of the mapping are asked again in the transaction that writes the intent',
    test: { file: `${T}/customer.test.ts`, title: 'blocks the invoice: %s' },
    fault: { file: `${T}/customer.test.ts`, switch: "['mapped elsewhere'" },
    without: { patches: [{ file: `${P}/checks.ts`, from: '  if (link.customerId !== content.customerId || link.version !== content.mappingVersion) {', to: '  if (link.clientId !== content.clientId) {' }] },
  },
  {
    id: 'F6',
    moment: 'the customer is merged, renamed or inactive in the books',
    mechanism: 'the live customer is read before every send: there, active, same currency, same name',
    test: { file: `${T}/customer.test.ts`, title: 'blocks the invoice: %s' },
    fault: { file: `${T}/customer.test.ts`, switch: "['inactive'" },
    without: { patches: [{ file: `${P}/before-send.ts`, from: '  const customer = await checkCustomer(engine, posting);\n  return customer.ok ? null : customer;', to: '  const customer = (await checkCustomer(engine, posting)) as Check;\n  return customer.ok || customer.block !== null ? null : customer;' }] },
  },
  {
    id: 'F7',
    moment: 'the relay dies before the intent is written',
    mechanism: 'the intent is the last thing before the wire: until then it is READY, and nobody is asked',
    test: { file: `${T}/crash.test.ts`, title: 'asks a person only when nothing tells whether the invoice left' },
    fault: { file: `${P}/ports.ts`, switch: "'posting.looked-up'" },
    without: { patches: [{ file: `${P}/send.ts`, from: "  const obstacle = await firstObstacle(engine, posting, batch);\n  if (obstacle) return obstacle;\n  return (await sendInTurn(engine, posting)) ?? 'moved';\n", to: "  const intent = await writeIntent(engine, posting);\n  const obstacle = intent && (await firstObstacle(engine, intent, batch));\n  if (obstacle) return obstacle;\n  return intent ? sendIntent(engine, intent) : 'moved';\n" }] },
  },
  {
    id: 'F8',
    moment: 'the relay dies between intent and send',
    mechanism: 'what is SENDING at a start is in doubt, never ready',
    test: SIMULATION,
    fault: { file: REGIMES, switch: 'crash: 0.08' },
    without: { mutant: 'SENDING treated as READY on start' },
  },
  {
    id: 'F9',
    moment: 'the relay dies between send and answer',
    mechanism: 'the intent stands on disk before a byte leaves',
    test: SIMULATION,
    fault: { file: REGIMES, switch: 'answerLost: 0.1' },
    without: { mutant: 'no write-ahead intent' },
  },
  {
    id: 'F10',
    moment: 'the relay dies before the answer is stored',
    mechanism: 'a look by number and mark finds and adopts it',
    test: { file: `${T}/crash.test.ts`, title: 'at $name, time $nth' },
    fault: { file: `${P}/ports.ts`, switch: "'posting.after-send'" },
    without: { patches: [{ file: `${P}/doubt.ts`, from: "  if (sight.seen === 'ours') return found(engine, posting, sight.invoice, asker);\n", to: "  if (sight.seen === 'ours') return goOnWeak(engine, { ...posting, lookups: 1 });\n" }] },
  },
  {
    id: 'F11',
    moment: 'the power fails, or the disk lies, after a commit',
    mechanism: 'synchronous=FULL before the wire, and a look into the books before every send',
    test: SIMULATION,
    fault: { file: 'test/simulation/memory-store.ts', switch: 'const SYNCED: boolean' },
    without: { mutant: 'the intent is not on disk when it is sent' },
  },
  {
    id: 'F12',
    moment: 'the database is put back from a backup',
    mechanism: 'the head of the trail is kept outside; when it differs, all is looked up before a send',
    test: { file: `${T}/recovery.test.ts`, title: 'makes no second invoice, however often post is pressed, and looks before anything' },
    fault: { file: `${T}/recovery.test.ts`, switch: 'restore(place)' },
    without: { patches: [{ file: `${P}/recovery.ts`, from: '    const former = row?.recovery == null', to: '    if (row) return;\n    const former = row?.recovery == null' }] },
  },
  {
    id: 'F13',
    moment: 'the request is lost',
    mechanism: 'doubt is looked up; sent again only where the books meet the same key, else by a person after the settle time',
    test: { file: `${T}/doubt.test.ts`, title: '%s: a person decides, not before the settle time' },
    fault: { file: BOOKS, switch: "'request lost'" },
    without: { patches: [{ file: `${P}/decide.ts`, from: '  if (decideFrom === null || engine.clock.now() < decideFrom) {', to: '  if (decideFrom === null) {' }, { file: `${P}/evidence.ts`, from: "  if (decideFrom === null || posting.sent_at === null) return 'it was never sent';", to: "  if (posting.lookups > 0) return null;\n  if (decideFrom === null || posting.sent_at === null) return 'it was never sent';" }] },
  },
  {
    id: 'F14',
    moment: 'the answer is lost',
    mechanism: 'doubt is looked up; what is found with our mark and equal content is posted',
    test: { file: `${T}/doubt.test.ts`, title: '%s: found and adopted, never sent again' },
    fault: { file: BOOKS, switch: "'answer lost'" },
    without: { patches: [{ file: `${P}/look.ts`, from: '  const ours = invoices.filter(bearsSignOf([posting]));', to: '  const ours = invoices.filter((invoice) => invoice.marker === posting.key);' }] },
  },
  {
    id: 'F15',
    moment: 'the request lands late, after a look has said none',
    mechanism: 'nothing is called absent before the settle time, two looks and a healthy answer',
    test: SIMULATION,
    fault: { file: REGIMES, switch: 'landsLate: 0.06' },
    without: { mutant: 'sent again after one empty look' },
  },
  {
    id: 'F16',
    moment: 'the network delivers one request twice',
    mechanism: 'nobody can stop it where the books take both; the next sweep tells it',
    test: SIMULATION,
    fault: { file: REGIMES, switch: 'deliveredTwice: 0.01' },
    without: { mutant: 'the sweep is off' },
  },
  {
    id: 'F17',
    moment: 'the books say 429',
    mechanism: 'a bucket of our own under their limit; when they say it all the same, as long as they say',
    test: { file: 'test/relay/rate-limit.test.ts', title: 'asks sixty times under a limit of ten a minute and never meets it' },
    fault: { file: 'test/relay/rate-limit.test.ts', switch: 'perSeconds: 60' },
    without: { patches: [{ file: 'src/relay/http/rate-limit.ts', from: '    if (wait > 0) await delay(wait);\n', to: '    if (wait > 1e12) await delay(wait);\n' }] },
  },
  {
    id: 'F18',
    moment: 'the books say 500 after they did the work',
    mechanism: 'every 5xx is doubt: verdicts by allow-list, in every adapter',
    test: { file: 'test/relay/books/conformance.test.ts', title: 'a 500 after the work is doubt too, and is found' },
    fault: { file: 'test/relay/books/conformance.test.ts', switch: "strike({ fault: 'status', status: 500, work: true })" },
    without: { patches: [{ file: 'src/relay/accounting/answer-text.ts', from: "  return outcome.kind === 'lost' ? unknown(outcome.reason) : answered(outcome);", to: "  if (outcome.kind === 'lost') return unknown(outcome.reason);\n  return outcome.status === 500 ? { verdict: 'rejected', reason: 'it failed', code: '500' } : answered(outcome);" }] },
  },
  {
    id: 'F19',
    moment: 'a search in the books lags',
    mechanism: 'two looks at least a minute apart, after the settle time',
    test: SIMULATION,
    fault: { file: REGIMES, switch: 'extraLagMs: 120_000' },
    without: { mutant: 'sent again after one empty look' },
  },
  {
    id: 'F20',
    moment: 'the look-up itself fails',
    mechanism: 'found, none and failed are three answers, and failed counts for nothing',
    test: { file: `${T}/doubt.test.ts`, title: 'sends nothing while the search fails: no answer is not an empty answer' },
    fault: { file: BOOKS, switch: "'failed'" },
    without: { patches: [{ file: `${P}/look.ts`, from: "  if (found.verdict === 'failed') return { seen: 'failed', reason: found.reason };", to: "  if (found.verdict === 'failed') return { seen: 'none' };" }] },
  },
  {
    id: 'F21',
    moment: 'a batch is half done and posted again',
    mechanism: 'one request and one state an invoice; nothing leads from POSTED to sending',
    test: { file: `${T}/properties.test.ts`, title: 'nothing leads from POSTED back to sending, and UNKNOWN never straight to a denial' },
    fault: { file: `${T}/properties.test.ts`, switch: "'POSTED'" },
    without: { patches: [{ file: `${P}/states.ts`, from: "  POSTED: ['MISSING_IN_LEDGER',", to: "  POSTED: ['READY', 'MISSING_IN_LEDGER'," }] },
  },
  {
    id: 'F22',
    moment: 'somebody has typed the invoice by hand',
    mechanism: 'the month is listed before the first send; an equal one is in the way until it was seen',
    test: { file: `${T}/books-around.test.ts`, title: 'an invoice of the same customer, month and total is in the way until a person has seen it' },
    fault: { file: `${T}/books-around.test.ts`, switch: 'byHand(' },
    without: { patches: [{ file: `${P}/in-books.ts`, from: '  const open = alike.filter(({ invoice }) => !seen.includes(invoice.id));', to: '  const open = alike.filter(({ invoice }) => seen.includes(invoice.id));' }] },
  },
  {
    id: 'F23',
    moment: 'a person has used our number in the books',
    mechanism: 'adopted only with our mark and equal content; else a conflict, and nothing is sent',
    test: { file: `${T}/answers.test.ts`, title: 'a stranger under our number: a conflict, nothing is sent' },
    fault: { file: `${T}/answers.test.ts`, switch: "world.books.edit('1', { marker: null });" },
    without: { patches: [{ file: `${P}/look.ts`, from: "  return stranger ? strangerOf(posting, stranger) : { seen: 'none' };", to: "  return stranger?.marker === posting.marker ? strangerOf(posting, stranger) : { seen: 'none' };" }] },
  },
  {
    id: 'F24',
    moment: 'the invoice is deleted or voided in the books later',
    mechanism: 'the sweep says it is missing or voided; nothing is ever posted again for it',
    test: { file: `${T}/books-around.test.ts`, title: 'finds what is missing, voided, changed or there twice, and nothing else' },
    fault: { file: `${T}/books-around.test.ts`, switch: 'remove(' },
    without: { patches: [{ file: `${P}/read-back.ts`, from: "  if (!own) return { kind: 'missing', words: `${ref} is gone from the books${elsewhere}` };", to: '  if (!own) return null;' }] },
  },
  {
    id: 'F25',
    moment: 'it is tried again when the books have forgotten the key',
    mechanism: 'a key is trusted for half of its documented life at most, then read before write',
    test: SIMULATION,
    fault: { file: REGIMES, switch: 'down: 0.08' },
    without: { mutant: 'a key is trusted for ever' },
  },
  {
    id: 'F26',
    moment: 'the approval is of last month',
    mechanism: 'an approval ends after 72 hours and with the rules, mapping or books it was given for',
    test: { file: `${T}/approval.test.ts`, title: 'ends after 72 hours' },
    fault: { file: `${T}/approval.test.ts`, switch: 'clock.advance(' },
    without: { patches: [{ file: `${P}/staleness.ts`, from: '  if (batch.expires_at === null || engine.clock.now() >= batch.expires_at) {', to: '  if (batch.expires_at === null) {' }] },
  },
  {
    id: 'F27',
    moment: 'vendor counts are old or not whole',
    mechanism: 'snapshot, state and time of each source stand in the batch; late counts need a decision',
    test: { file: `${T}/late-counts.test.ts`, title: 'that are %s is refused until a person decides to use them' },
    fault: { file: `${T}/late-counts.test.ts`, switch: "['partial', GOOD]" },
    without: { patches: [{ file: `${P}/submit.ts`, from: '    checkLateSources(draft, snapshot);\n', to: '' }] },
  },
  {
    id: 'F28',
    moment: 'the month is closed in the books, or the customer on hold',
    mechanism: 'a certain no is REJECTED for that invoice alone; a person tries it again',
    test: { file: `${T}/answers.test.ts`, title: 'rejected: retried by a person with a new epoch and the same content' },
    fault: { file: BOOKS, switch: "'rejected'" },
    without: { patches: [{ file: `${P}/answer.ts`, from: "      else if (outcome.verdict === 'rejected') await reject(engine, intent, outcome.reason);", to: "      else if (outcome.verdict === 'rejected') await doubt(engine, intent, outcome.reason);" }] },
  },
  {
    id: 'F29',
    moment: 'another company answers',
    mechanism: 'the company is pinned and asked before the first send of every batch; another one parks the books',
    test: { file: `${T}/answers.test.ts`, title: 'another company behind the connection: parked before the first send' },
    fault: { file: BOOKS, switch: 'company' },
    without: { patches: [{ file: `${P}/company.ts`, from: '  if (row.company_id === company.id) {', to: '  if (row.company_id !== null) {' }] },
  },
  {
    id: 'F30',
    moment: 'two workers renew one refresh token',
    mechanism: 'one renews at a time, and the new token is on disk before anybody gets it',
    test: { file: 'test/relay/books-tokens.test.ts', title: 'are renewed once for a hundred callers at a time, and each rotated token is used once' },
    fault: { file: 'test/relay/books-tokens.test.ts', switch: 'Array.from({ length: 100 }' },
    without: { patches: [{ file: 'src/relay/store/books-tokens.ts', from: '      const mine = turn.catch(() => null).then(() => provide(at, request));', to: '      const mine = provide(at, request);' }] },
  },
  {
    id: 'F31',
    moment: 'the clock jumps, or is an hour off',
    mechanism: 'the clock is held against the date of the books; more than five minutes off, nothing is sent',
    test: { file: `${T}/books-around.test.ts`, title: 'a full disk and a wrong clock stop it, with what to do' },
    fault: { file: `${T}/books-around.test.ts`, switch: 'nowMs' },
    without: { patches: [{ file: `${P}/machine.ts`, from: '  if (apart <= SKEW_MS_MAX) return null;', to: '  if (apart >= 0) return null;' }] },
  },
  {
    id: 'F32',
    moment: 'a runaway import makes 10,000 invoices',
    mechanism: 'caps of count and money park the books; a big change on last month needs a tick',
    test: { file: `${T}/caps.test.ts`, title: 'stops a batch that is under way when the caps were lowered, and it goes on by itself' },
    fault: { file: `${T}/caps.test.ts`, switch: "amountPerBatchMax: '500'" },
    without: { patches: [{ file: `${P}/caps.ts`, from: '  if (!over) return null;', to: '  if (!over || over.amount) return null;' }] },
  },
  {
    id: 'F33',
    moment: 'the disk is full',
    mechanism: '100 MB are kept free before a batch; an intent that cannot be written is not sent',
    test: { file: `${T}/books-around.test.ts`, title: 'a full disk and a wrong clock stop it, with what to do' },
    fault: { file: `${T}/books-around.test.ts`, switch: 'freeBytes' },
    without: { patches: [{ file: `${P}/machine.ts`, from: '  if (free === null || free >= RESERVE_BYTES) return null;', to: '  if (free === null || free >= 0) return null;' }] },
  },
  {
    id: 'F34',
    moment: 'two relays post to one set of books',
    mechanism: 'the mark says whose it is; a mark of another relay stops posting until a person knows it',
    test: { file: `${T}/two-relays.test.ts`, title: 'the second refuses to post until a person knows the first, then all of its marks' },
    fault: { file: `${T}/two-relays.test.ts`, switch: 'instance' },
    without: { patches: [{ file: `${P}/in-books.ts`, from: '  if (!foreign) return;\n', to: '  if (!foreign?.marker) return;\n  if (foreign.marker) return;\n' }] },
  },
]; // prettier-ignore
