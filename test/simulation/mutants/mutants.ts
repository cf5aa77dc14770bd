/**
 * Planted bugs (posting-safety 2.4): each takes one safeguard away, by an exact text of one or two
 * files, and the simulation must go red. A text that is no longer found fails the test beside this.
 */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
}

const SEND = 'src/relay/posting/send.ts';
const BEFORE_SEND = 'src/relay/posting/before-send.ts';
const ANSWER = 'src/relay/posting/answer.ts';
const ADAPTER = 'test/simulation/adapter.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'no write-ahead intent',
    patches: [
      {
        file: SEND,
        from: "    const intent = await writeIntent(engine, posting);\n    return intent && (await sendIntent(engine, intent));",
        to: "    const outcome = await createOnce(engine, posting);\n    await engine.reach('posting.after-send');\n    const intent = await writeIntent(engine, posting);\n    return intent && (await settle(engine, intent, outcome));",
      },
    ],
  },
  {
    name: 'SENDING treated as READY on start',
    patches: [
      {
        file: ANSWER,
        from: "  await toUnknown(engine, posting, { reason, kind: 'answer', personFrom: engine.clock.now() });",
        to: "  const now = engine.clock.now();\n  const change = { uncertain_since: null, next_at: now, attempts: 0, person_from: now };\n  await move(engine, posting, 'READY', { asker: RELAY, reason, change });",
      },
    ],
  },
  {
    name: 'fresh key per retry',
    patches: [
      {
        file: 'src/relay/posting/engine.ts',
        from: '  providerKey: providerKey(posting.key, posting.epoch),\n',
        to: '  providerKey: providerKey(posting.key, posting.transition),\n',
      },
      {
        file: SEND,
        from: '      provider_key: providerKey(posting.key, posting.epoch),\n',
        to: '',
      },
      {
        file: 'test/simulation/invariants.ts',
        from: '  hold(row.provider_key === keys.providerKey,',
        to: '  hold(true,',
      },
    ],
  },
  {
    name: '500 means not created',
    patches: [
      {
        file: ADAPTER,
        from: '  return { verdict: \'unknown\', reason: `${String(status)} ${body}` };',
        to: "  if (status === 500) return { verdict: 'rejected', reason: '500', code: '500' };\n  return { verdict: 'unknown', reason: `${String(status)} ${body}` };",
      },
    ],
  },
  {
    name: 'a timeout means failed',
    patches: [
      {
        file: ADAPTER,
        from: "  if (reply.kind === 'lost') return { verdict: 'unknown', reason: reply.reason };",
        to: "  if (reply.kind === 'lost') return { verdict: 'rejected', reason: reply.reason, code: 'timeout' };",
      },
    ],
  },
  {
    name: 'sent again after one empty look',
    patches: [
      {
        file: 'src/relay/posting/evidence.ts',
        from: "  if (decideFrom === null || posting.sent_at === null) return 'it was never sent';",
        to: '  if (posting.lookups > 0) return null;\n  if (decideFrom === null || posting.sent_at === null) return \'it was never sent\';',
      },
      {
        file: 'src/relay/posting/decide.ts',
        from: '  if (decideFrom === null || engine.clock.now() < decideFrom) {',
        to: '  if (decideFrom === null) {',
      },
    ],
  },
  {
    name: 'a failed look-up counts as none',
    patches: [
      {
        file: 'src/relay/posting/look.ts',
        from: "  if (found.verdict === 'failed') return { seen: 'failed', reason: found.reason };",
        to: "  if (found.verdict === 'failed') return { seen: 'none' };",
      },
    ],
  },
  {
    name: 'a key is trusted for ever',
    patches: [
      {
        file: 'src/relay/accounting/facility.ts',
        from: '  return facility.trustedMinutes === null || minutesSinceFirstSend < facility.trustedMinutes;',
        to: '  return minutesSinceFirstSend >= 0;',
      },
    ],
  },
  {
    name: 'no fence',
    patches: [
      {
        file: 'src/relay/posting/engine.ts',
        from: '  return connection?.fence === engine.lease.fence;',
        to: '  return connection !== null;',
      },
      {
        file: 'test/simulation/memory-store.ts',
        from: "    if (facts.fence < fence) refuse('the fence is old');",
        to: '',
      },
      {
        file: 'test/simulation/invariants.ts',
        from: '  hold(connections.get(row.connection)?.fence === running?.engine.lease.fence,',
        to: '  hold(true,',
      },
    ],
  },
  {
    name: 'no second look at fence and age before sending',
    patches: [
      {
        file: SEND,
        from: "  if (!(await hasFence(engine, engine.store))) return 'moved';\n",
        to: '',
      },
      { file: SEND, from: 'const INTENT_AGE_MAX_MS = 30_000;', to: 'const INTENT_AGE_MAX_MS = 1e12;' },
    ],
  },
  {
    name: 'the intent is not on disk when it is sent',
    patches: [
      {
        file: 'test/simulation/memory-store.ts',
        from: 'const SYNCED: boolean = true;',
        to: 'const SYNCED: boolean = false;',
      },
    ],
  },
  {
    name: 'no read before write',
    patches: [
      {
        file: BEFORE_SEND,
        from: '  const seen = await lookFirst(engine, posting, batch);\n',
        to: '  const seen = null as StepResult | null;\n',
      },
    ],
  },
  {
    name: 'upsert instead of create',
    patches: [
      { file: ADAPTER, from: 'const UPSERT: boolean = false;', to: 'const UPSERT: boolean = true;' },
    ],
  },
  {
    name: 'the digest is not checked again',
    patches: [
      {
        file: 'src/relay/posting/checks.ts',
        from: '  return digest === posting.digest && isInBatch && isSame && seal.holds;',
        to: '  return digest !== seal.digest || isInBatch || isSame;',
      },
    ],
  },
  {
    name: 'the mapping is not checked again',
    patches: [
      {
        file: 'src/relay/posting/checks.ts',
        from: '  if (link.customerId !== content.customerId || link.version !== content.mappingVersion) {',
        to: '  if (link.clientId !== content.clientId) {',
      },
    ],
  },
  {
    name: 'who prepared it may approve it',
    patches: [
      {
        file: 'src/relay/posting/approve.ts',
        from: '  if (engine.policy.twoPersons && asker.person === batch.prepared_by) {',
        to: '  if (engine.policy.twoPersons && asker.person === "") {',
      },
    ],
  },
  {
    name: 'money by parseFloat',
    patches: [
      {
        file: 'src/core/money.ts',
        from: 'export function lineAmount(quantity: Quantity, price: UnitPrice, currency: Currency): Amount {\n',
        to: 'export function lineAmount(quantity: Quantity, price: UnitPrice, currency: Currency): Amount {\n  if (currency) return (Math.round(parseFloat(quantity) * parseFloat(price) * 100) / 100).toFixed(2) as Amount;\n',
      },
    ],
  },
  {
    name: 'a retry wrapper round create',
    patches: [
      {
        file: ADAPTER,
        from: '      return toOutcome(await wire.send({ content, keys, upsert: UPSERT }));',
        to: "      const first = toOutcome(await wire.send({ content, keys, upsert: UPSERT }));\n      return first.verdict === 'unknown' ? toOutcome(await wire.send({ content, keys, upsert: UPSERT })) : first;",
      },
    ],
  },
  {
    name: 'POSTED can be sent again',
    patches: [
      {
        file: 'src/relay/posting/states.ts',
        from: "  POSTED: ['MISSING_IN_LEDGER',",
        to: "  POSTED: ['READY', 'MISSING_IN_LEDGER',",
      },
      {
        file: 'src/relay/posting/decide.ts',
        from: "  expectState(posting, ['REJECTED', 'BLOCKED'], 'was not refused');",
        to: "  expectState(posting, ['REJECTED', 'BLOCKED', 'POSTED'], 'was not refused');",
      },
    ],
  },
  {
    name: 'the sweep is off',
    patches: [
      {
        file: 'src/relay/posting/sweep.ts',
        from: '    const findings = await findAll(engine, postings, listed);',
        to: '    const findings = listed.length < 0 ? await findAll(engine, postings, listed) : [];',
      },
    ],
  },
  {
    name: 'a no to the second send settles the first',
    patches: [
      {
        file: ANSWER,
        from: '      if (intent.uncertain_since !== null)\n        await doubt(engine, intent, outcome.reason, kindOf(outcome));\n      else if',
        to: '      if',
      },
    ],
  },
  {
    name: 'a person may give up at once',
    patches: [
      {
        file: 'src/relay/posting/decide.ts',
        from: "  const seen = await expectAbsent(engine, posting, asker, 'given up');\n",
        to: '  const seen = { looked: posting, isAbsent: true } as LookedFor | null;\n',
      },
    ],
  },
]; // prettier-ignore
