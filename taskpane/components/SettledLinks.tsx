/** Links that stand: whose, by whom and since when, and the way to change one. */
import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Mapping } from '../../src/contract/contract.ts';
import { mappingKey, sourceTitle, targetWords } from '../mapping-list.ts';
import type { Close } from '../use-close.ts';
import { moment, plural } from '../words.ts';
import { MappingRow, NEVER } from './MappingRow.tsx';

interface Props {
  readonly close: Close;
  readonly mappings: readonly Mapping[];
}

const GROUPS: readonly { readonly noun: string; readonly states: readonly Mapping['state'][] }[] = [
  { noun: 'confirmed link', states: ['confirmed', 'split'] },
  { noun: 'automatic link', states: ['automatic'] },
];

export function SettledLinks({ close, mappings }: Props): ReactNode {
  const never = mappings.filter(({ state }) => state === 'never');
  return (
    <>
      {GROUPS.map(({ noun, states }) => {
        const own = mappings.filter(({ state }) => states.includes(state));
        return <Group key={noun} title={plural(own.length, noun)} close={close} mappings={own} />;
      })}
      <Group title={`${never.length} never billed`} close={close} mappings={never} />
    </>
  );
}

function Group({ title, close, mappings }: Props & { readonly title: string }): ReactNode {
  const [changing, setChanging] = useState<string | null>(null);
  if (mappings.length === 0) return null;
  return (
    <details>
      <summary>{title}</summary>
      <ul className="links">
        {mappings.map((mapping) =>
          changing === mappingKey(mapping) ? (
            <Change
              key={mappingKey(mapping)}
              mapping={mapping}
              close={close}
              onClose={() => setChanging(null)}
            />
          ) : (
            <li key={mappingKey(mapping)} className="row spread">
              <span>
                {mapping.name} → {targetWords(close.state, mapping)}
                <span className="quiet"> {originWords(close, mapping)}</span>
              </span>
              <Button
                size="small"
                appearance="subtle"
                aria-label={`Change ${mapping.name}`}
                onClick={() => setChanging(mappingKey(mapping))}
              >
                Change
              </Button>
            </li>
          ),
        )}
      </ul>
    </details>
  );
}

function originWords({ state }: Close, mapping: Mapping): string {
  const who = mapping.by ?? 'by its equal name or id';
  const since = mapping.at === null ? '' : `, ${moment(mapping.at)}`;
  return `${sourceTitle(state, mapping)}, ${who}${since}`;
}

interface ChangeProps {
  readonly close: Close;
  readonly mapping: Mapping;
  readonly onClose: () => void;
}

function Change({ close, mapping, onClose }: ChangeProps): ReactNode {
  const [picked, setPicked] = useState(mapping.target ?? (mapping.state === 'never' ? NEVER : ''));
  const save = async (): Promise<void> => {
    await close.actions.confirm([{ mapping, target: picked === NEVER ? null : picked }]);
    onClose();
  };
  return (
    <>
      <MappingRow mapping={mapping} close={close} picked={picked} onPick={setPicked} />
      <li className="row">
        <Button
          size="small"
          appearance="primary"
          disabled={picked === '' || close.state.busy !== null}
          onClick={() => void save()}
        >
          Save
        </Button>
        <Button size="small" appearance="subtle" onClick={onClose}>
          Cancel
        </Button>
      </li>
    </>
  );
}
