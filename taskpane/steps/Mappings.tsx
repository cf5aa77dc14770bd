/** Accounts, SKUs and spellings without an owner: guesses with their reasons, a person confirms. */
import { Button, Checkbox, Select } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Mapping } from '../../src/contract/contract.ts';
import type { Close } from '../use-close.ts';
import { plural } from '../words.ts';

const NEVER = '—never—';
/** Below this two names have less than half of their words in common: not to be taken in bulk. */
const LIKELY_MIN = 0.45;

export function Mappings({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const open = [...state.spellings, ...state.mappings].filter(
    (mapping) => mapping.state === 'open',
  );
  const settled = state.mappings.filter(
    (mapping) => mapping.state === 'confirmed' || mapping.state === 'never',
  );
  const [picked, setPicked] = useState<ReadonlyMap<string, string>>(new Map());
  const pick = (mapping: Mapping, target: string): void =>
    setPicked((now) => new Map(now).set(keyOf(mapping), target));
  const answers = open.flatMap((mapping) => {
    const target = picked.get(keyOf(mapping));
    return target ? [{ mapping, target: target === NEVER ? null : target }] : [];
  });
  const sure = open.filter((mapping) => isLikely(mapping) && !picked.has(keyOf(mapping)));
  const save = async (): Promise<void> => {
    await actions.confirm(answers);
    setPicked(new Map());
  };
  if (open.length === 0) return <Settled mappings={settled} close={close} />;
  return (
    <section className="stack" aria-label="To map">
      <h2>{plural(open.length, 'name')} without an owner</h2>
      <p className="quiet">Nothing is linked by itself: look at the guess, then confirm.</p>
      {sure.length > 1 ? (
        <Button
          size="small"
          onClick={() => setPicked(new Map([...picked, ...sure.map(firstGuess)]))}
        >
          Take the {sure.length} likely guesses
        </Button>
      ) : null}
      <ul className="mappings">
        {open.map((mapping) => (
          <Row
            key={keyOf(mapping)}
            mapping={mapping}
            close={close}
            picked={picked.get(keyOf(mapping)) ?? ''}
            onPick={(target) => pick(mapping, target)}
          />
        ))}
      </ul>
      <Button
        appearance="primary"
        disabled={answers.length === 0 || state.busy !== null}
        onClick={() => void save()}
      >
        Confirm {plural(answers.length, 'link')}
      </Button>
      <Settled mappings={settled} close={close} />
    </section>
  );
}

interface RowProps {
  readonly mapping: Mapping;
  readonly close: Close;
  readonly picked: string;
  readonly onPick: (target: string) => void;
}

function Row({ mapping, close, picked, onPick }: RowProps): ReactNode {
  const [first] = mapping.suggestions;
  const name = (id: string): string => nameOf(close, mapping.kind, id);
  const source = close.state.sources.find((entry) => entry.id === mapping.source)?.title ?? 'Sheet';
  const isFromSheet = source === 'Sheet';
  return (
    <li className="mapping">
      <p>
        <strong>{mapping.name}</strong>{' '}
        <span className="quiet">
          {source}, {mapping.kind === 'client' ? 'client' : isFromSheet ? 'service' : 'SKU'}
        </span>
      </p>
      {first ? (
        <p className="quiet">
          {mapping.suggestions.length === 1 ? 'Guess' : 'Guesses'}:{' '}
          {mapping.suggestions.map((guess) => `${name(guess.target)} (${guess.reason})`).join('; ')}
        </p>
      ) : (
        <p className="quiet">No guess is better than the others.</p>
      )}
      <div className="row">
        <Select
          size="small"
          value={picked}
          aria-label={`Owner of ${mapping.name}`}
          onChange={(_, { value }) => onPick(value)}
        >
          <option value="">Choose …</option>
          {mapping.suggestions.map((guess) => (
            <option key={guess.target} value={guess.target}>
              {name(guess.target)}
            </option>
          ))}
          <Others close={close} mapping={mapping} />
          <option value={NEVER}>Nobody: never bill it</option>
        </Select>
        {first && mapping.suggestions.length === 1 ? (
          <Checkbox
            checked={picked === first.target}
            label="take it"
            onChange={(_, { checked }) => onPick(checked ? first.target : '')}
          />
        ) : null}
      </div>
    </li>
  );
}

function Others({
  close,
  mapping,
}: {
  readonly close: Close;
  readonly mapping: Mapping;
}): ReactNode {
  const guessed = new Set(mapping.suggestions.map((guess) => guess.target));
  const { snapshot } = close.state;
  const all =
    mapping.kind === 'client'
      ? (snapshot?.clients ?? [])
      : (snapshot?.services.filter((one) => one.members.length === 0) ?? []);
  const rest = all
    .filter((entry) => !guessed.has(entry.id))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return rest.map((entry) => (
    <option key={entry.id} value={entry.id}>
      {entry.name}
    </option>
  ));
}

function Settled({
  mappings,
  close,
}: {
  readonly mappings: readonly Mapping[];
  readonly close: Close;
}): ReactNode {
  if (mappings.length === 0) return null;
  return (
    <details>
      <summary>{plural(mappings.length, 'confirmed link')}</summary>
      <ul className="plain">
        {mappings.map((mapping) => (
          <li key={keyOf(mapping)}>
            {mapping.name} →{' '}
            {mapping.target === null
              ? 'nobody, never billed'
              : nameOf(close, mapping.kind, mapping.target)}
            <span className="quiet"> {mapping.by ?? ''}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

const keyOf = (mapping: Mapping): string => `${mapping.source}|${mapping.kind}|${mapping.ref}`;

/** The only guess, and no poor one; the others are looked at one by one. */
const isLikely = ({ suggestions: [first, second] }: Mapping): boolean =>
  first !== undefined && second === undefined && first.score >= LIKELY_MIN;

const firstGuess = (mapping: Mapping): [string, string] => [
  keyOf(mapping),
  mapping.suggestions[0]?.target ?? '',
];

function nameOf(close: Close, kind: 'client' | 'service', id: string): string {
  const { snapshot } = close.state;
  const list = kind === 'client' ? snapshot?.clients : snapshot?.services;
  return list?.find((entry) => entry.id === id)?.name ?? id;
}
