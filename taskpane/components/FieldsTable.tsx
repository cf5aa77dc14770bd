/** Field by field: what was approved beside what the books hold. */
import type { ReactNode } from 'react';
import type { ComparedField } from '../../src/contract/contract.ts';
import type { Amount } from '../../src/core/money.ts';
import { decimal, plural } from '../words.ts';

interface Props {
  readonly fields: readonly ComparedField[];
  readonly label: string;
  /** Where they were read: "the books". */
  readonly place: string;
}

export function FieldsTable({ fields, label, place }: Props): ReactNode {
  return (
    <div className="table-scroll" role="group" aria-label={label} tabIndex={0}>
      <table className="fields" aria-label={label}>
        <thead>
          <tr>
            <td />
            <th scope="col">approved</th>
            <th scope="col">in {place}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {totalsFirst(fields).map((field, index) => (
            <tr key={`${field.name}|${index}`} className={field.equal ? '' : 'bad'}>
              <th scope="row">{field.name}</th>
              <td>{shown(field.name, field.approved)}</td>
              <td>{shown(field.name, field.books)}</td>
              <td>
                <span aria-hidden="true">{field.equal ? '=' : '≠'}</span>
                <span className="hidden">{field.equal ? 'equal' : 'different'}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Only what differs, and the rest for who wants to see it. */
export function Differences({ fields, label, place }: Props): ReactNode {
  const wrong = fields.filter((field) => !field.equal);
  const right = fields.filter((field) => field.equal);
  return (
    <>
      {wrong.length > 0 ? (
        <FieldsTable fields={wrong} label={label} place={place} />
      ) : (
        <p>Every field is as approved.</p>
      )}
      {wrong.length > 0 && right.length > 0 ? (
        <details>
          <summary>{plural(right.length, 'field')} equal</summary>
          <FieldsTable fields={right} label={`${label}, equal fields`} place={place} />
        </details>
      ) : null}
    </>
  );
}

/** Figures read as everywhere in the pane; numbers of invoices and ids are no figures. */
const shown = (name: string, value: string): string =>
  /(^Total|^Tax| amount| price| quantity)$/.test(name) && /^-?\d+(\.\d+)?$/.test(value)
    ? decimal(value as Amount)
    : value;

/** What is wrong shows first, then the figures that say most. */
function totalsFirst(fields: readonly ComparedField[]): readonly ComparedField[] {
  const rank = (field: ComparedField): number =>
    !field.equal ? 0 : field.name === 'Total' ? 1 : field.name === 'Lines' ? 2 : 3;
  return fields.toSorted((a, b) => rank(a) - rank(b));
}
