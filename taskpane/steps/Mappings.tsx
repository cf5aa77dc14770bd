/** Accounts, SKUs and spellings without an owner: guesses with their reasons, a person confirms. */
import { Button, Input } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Mapping } from '../../src/contract/contract.ts';
import { MappingRow, NEVER } from '../components/MappingRow.tsx';
import { SettledLinks } from '../components/SettledLinks.tsx';
import { mappingKey, searchMappings, sureGuess } from '../mapping-list.ts';
import type { Close } from '../use-close.ts';
import { plural } from '../words.ts';

/** Fewer are seen at a glance. */
const SEARCH_MIN = 6;

export function Mappings({ close }: { readonly close: Close }): ReactNode {
  const { state } = close;
  const [words, setWords] = useState('');
  const open = [...state.spellings, ...state.mappings].filter((one) => one.state === 'open');
  const linked = state.mappings.filter((one) => one.state !== 'open');
  if (open.length + linked.length === 0) return null;
  const found = searchMappings(state, open, words);
  return (
    <>
      {open.length + linked.length >= SEARCH_MIN ? (
        <Input
          size="small"
          type="search"
          value={words}
          aria-label="Search accounts, SKUs and owners"
          placeholder="Search accounts, SKUs and owners"
          onChange={(_, { value }) => setWords(value)}
        />
      ) : null}
      {open.length > 0 ? <Open close={close} open={open} found={found} /> : null}
      <SettledLinks close={close} mappings={searchMappings(state, linked, words)} />
    </>
  );
}

interface OpenProps {
  readonly close: Close;
  readonly open: readonly Mapping[];
  /** Those of them that the search shows. */
  readonly found: readonly Mapping[];
}

function Open({ close, open, found }: OpenProps): ReactNode {
  const { state, actions } = close;
  const [picked, setPicked] = useState<ReadonlyMap<string, string>>(new Map());
  const pick = (mapping: Mapping, target: string): void =>
    setPicked((now) => new Map(now).set(mappingKey(mapping), target));
  const answers = open.flatMap((mapping) => {
    const target = picked.get(mappingKey(mapping));
    return target ? [{ mapping, target: target === NEVER ? null : target }] : [];
  });
  const sure = found.flatMap((mapping) => {
    const guess = picked.has(mappingKey(mapping)) ? null : sureGuess(mapping);
    return guess === null ? [] : [[mappingKey(mapping), guess] as const];
  });
  const save = async (): Promise<void> => {
    await actions.confirm(answers);
    setPicked(new Map());
  };
  return (
    <section className="stack" aria-label="To map">
      <h2>{plural(open.length, 'name')} without an owner</h2>
      <p className="quiet">Nothing is linked by itself: look at the guess, then confirm.</p>
      {sure.length > 0 ? (
        <Button size="small" onClick={() => setPicked(new Map([...picked, ...sure]))}>
          Take {sure.length === 1 ? 'the likely guess' : `the ${sure.length} likely guesses`}
        </Button>
      ) : null}
      {found.length < open.length ? (
        <p className="quiet" role="status">
          {found.length} of {open.length} shown.
        </p>
      ) : null}
      <ul className="mappings">
        {found.map((mapping) => (
          <MappingRow
            key={mappingKey(mapping)}
            mapping={mapping}
            close={close}
            picked={picked.get(mappingKey(mapping)) ?? ''}
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
    </section>
  );
}
