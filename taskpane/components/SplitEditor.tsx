/** One account over several clients, by shares. */
import { Button, Input, Select } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Mapping } from '../../src/contract/contract.ts';
import type { Split } from '../../src/core/model.ts';
import { ownersFor } from '../mapping-list.ts';
import type { Close } from '../use-close.ts';

interface Props {
  readonly mapping: Mapping;
  readonly close: Close;
  readonly onClose: () => void;
}

interface Entry {
  readonly clientId: string;
  readonly shares: string;
}

const WHOLE = /^[1-9]\d{0,5}$/;
const EMPTY: Entry = { clientId: '', shares: '1' };

export function SplitEditor({ mapping, close, onClose }: Props): ReactNode {
  const [entries, setEntries] = useState<readonly Entry[]>(() => entriesOf(mapping.split));
  const change = (index: number, next: Partial<Entry>): void =>
    setEntries((now) => now.map((entry, at) => (at === index ? { ...entry, ...next } : entry)));
  const trouble = troubleOf(entries);
  const save = async (): Promise<void> => {
    const parts = entries.map(({ clientId, shares }) => ({ clientId, shares: Number(shares) }));
    await close.actions.confirm([{ mapping, target: null, split: { by: 'shares', parts } }]);
    onClose();
  };
  return (
    <div className="stack" role="group" aria-label={`Split ${mapping.name}`}>
      <p className="quiet">
        Each count of this account is divided by shares, in whole units; the parts always sum to
        what the source counts.
      </p>
      {entries.map((entry, index) => (
        <EntryRow
          key={index}
          close={close}
          entry={entry}
          number={index + 1}
          onChange={(next) => change(index, next)}
        />
      ))}
      <div className="row">
        <Button size="small" onClick={() => setEntries([...entries, EMPTY])}>
          Add a client
        </Button>
        {entries.length > 2 ? (
          <Button size="small" onClick={() => setEntries(entries.slice(0, -1))}>
            Remove the last
          </Button>
        ) : null}
      </div>
      {trouble === null ? null : <p className="quiet">{trouble}</p>}
      <div className="row">
        <Button
          size="small"
          appearance="primary"
          disabled={trouble !== null || close.state.busy !== null}
          onClick={() => void save()}
        >
          Save split
        </Button>
        <Button size="small" appearance="subtle" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

interface EntryProps {
  readonly close: Close;
  readonly entry: Entry;
  readonly number: number;
  readonly onChange: (next: Partial<Entry>) => void;
}

function EntryRow({ close, entry, number, onChange }: EntryProps): ReactNode {
  return (
    <div className="row split-entry">
      <Select
        size="small"
        value={entry.clientId}
        aria-label={`Client ${number} of the split`}
        onChange={(_, { value }) => onChange({ clientId: value })}
      >
        <option value="">Choose …</option>
        {ownersFor(close.state, 'client').map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <Input
        size="small"
        inputMode="numeric"
        value={entry.shares}
        aria-label={`Shares of client ${number}`}
        onChange={(_, { value }) => onChange({ shares: value.trim() })}
      />
    </div>
  );
}

/** A split by fixed quantities comes from the API; changed here it becomes one by shares. */
function entriesOf(split: Split | undefined): readonly Entry[] {
  if (split?.by !== 'shares') return [EMPTY, EMPTY];
  return split.parts.map(({ clientId, shares }) => ({ clientId, shares: String(shares) }));
}

function troubleOf(entries: readonly Entry[]): string | null {
  if (entries.some(({ clientId }) => clientId === '')) return 'Choose a client in each line.';
  if (new Set(entries.map(({ clientId }) => clientId)).size < entries.length) {
    return 'A client is named twice.';
  }
  if (entries.some(({ shares }) => !WHOLE.test(shares))) return 'Shares are whole numbers from 1.';
  return null;
}
