/** One name and its owner: the guesses with their reasons, one client or service, several, or nobody. */
import { Button, Checkbox, Select } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Mapping } from '../../src/contract/contract.ts';
import { mappingKey, ownerName, ownersFor, sourceTitle, tiedGuesses } from '../mapping-list.ts';
import type { Close } from '../use-close.ts';
import { SplitEditor } from './SplitEditor.tsx';

/** The choice "nobody": no id of a client or service looks like it. */
export const NEVER = '—never—';

interface Props {
  readonly mapping: Mapping;
  readonly close: Close;
  readonly picked: string;
  readonly onPick: (target: string) => void;
}

export function MappingRow({ mapping, close, picked, onPick }: Props): ReactNode {
  const [splits, setSplits] = useState(false);
  const title = sourceTitle(close.state, mapping);
  const what = mapping.kind === 'client' ? 'client' : title === 'Sheet' ? 'service' : 'SKU';
  return (
    <li className="mapping">
      <p>
        <strong>{mapping.name}</strong>{' '}
        <span className="quiet">
          {title}, {what}
          {mapping.ref === mapping.name ? '' : `, ${mapping.ref}`}
        </span>
      </p>
      <Guesses mapping={mapping} close={close} />
      {splits ? (
        <SplitEditor mapping={mapping} close={close} onClose={() => setSplits(false)} />
      ) : (
        <div className="row">
          <OwnerSelect mapping={mapping} close={close} picked={picked} onPick={onPick} />
          <TakeIt mapping={mapping} picked={picked} onPick={onPick} />
          {mapping.kind === 'client' && title !== 'Sheet' ? (
            <Button size="small" appearance="subtle" onClick={() => setSplits(true)}>
              Split …
            </Button>
          ) : null}
        </div>
      )}
    </li>
  );
}

function Guesses({ mapping, close }: Pick<Props, 'mapping' | 'close'>): ReactNode {
  const { suggestions } = mapping;
  if (mapping.state !== 'open') return null;
  if (suggestions.length === 0) return <p className="quiet">No guess: choose the owner.</p>;
  const tied = tiedGuesses(mapping);
  return (
    <>
      {tied > 1 ? (
        <p>{tied === 2 ? 'Two are' : `${tied} are`} equally likely: choose one yourself.</p>
      ) : null}
      <ul className="plain quiet" aria-label={`Guesses for ${mapping.name}`}>
        {suggestions.map((guess) => (
          <li key={guess.target}>
            {ownerName(close.state, mapping.kind, guess.target)}: {guess.reason}
          </li>
        ))}
      </ul>
    </>
  );
}

function OwnerSelect({ mapping, close, picked, onPick }: Props): ReactNode {
  const guessed = mapping.suggestions.map(({ target }) => target);
  const rest = ownersFor(close.state, mapping.kind).filter(({ id }) => !guessed.includes(id));
  return (
    <Select
      size="small"
      value={picked}
      aria-label={`Owner of ${mapping.name}`}
      onChange={(_, { value }) => onPick(value)}
    >
      <option value="">Choose …</option>
      {guessed.map((id) => (
        <option key={id} value={id}>
          {ownerName(close.state, mapping.kind, id)}
        </option>
      ))}
      {rest.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      <option value={NEVER}>Nobody: never bill it</option>
    </Select>
  );
}

/** One tick for a single guess; of several a person chooses by name. */
function TakeIt({ mapping, picked, onPick }: Omit<Props, 'close'>): ReactNode {
  const [first, second] = mapping.suggestions;
  if (!first || second) return null;
  return (
    <Checkbox
      id={`take-${mappingKey(mapping)}`}
      checked={picked === first.target}
      label="take it"
      onChange={(_, { checked }) => onPick(checked ? first.target : '')}
    />
  );
}
