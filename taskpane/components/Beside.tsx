/** What the books hold for one invoice now, read when a person opens it and again on demand. */
import { Button } from '@fluentui/react-components';
import { useEffect, type ReactNode } from 'react';
import type { Posting } from '../../src/contract/contract.ts';
import { booksWords } from '../books-words.ts';
import type { Close } from '../use-close.ts';
import { moment, readable, sentence } from '../words.ts';
import { Differences } from './FieldsTable.tsx';

export function Beside({
  posting,
  close,
}: {
  readonly posting: Posting;
  readonly close: Close;
}): ReactNode {
  const { state, actions } = close;
  const { key } = posting;
  const seen = state.beside[key];
  const { place } = booksWords(state.session);
  useEffect(() => void actions.lookBeside(key), [actions, key]);
  if (seen === undefined) return <p className="quiet">Reading {place} …</p>;
  return (
    <div className="stack">
      {typeof seen === 'string' ? (
        <p>{sentence(readable(seen))}</p>
      ) : (
        <>
          {seen.documents.length === 0 ? (
            <p>
              Nothing under number {posting.ref} and nothing with its mark is in {place}.
            </p>
          ) : null}
          {seen.documents.map(({ invoiceId, ref, ours, fields }) => (
            <section key={invoiceId} className="stack" aria-label={`Invoice ${invoiceId}`}>
              <p className="ids">
                {ref ?? 'Without number'}, id {invoiceId}
                {ours ? '' : ', without our mark'}
              </p>
              <Differences
                fields={fields}
                label={`${posting.clientName}, ${ref ?? invoiceId}`}
                place={place}
              />
            </section>
          ))}
          <p className="quiet">Read {moment(seen.lookedAt)}.</p>
        </>
      )}
      <div className="row">
        <Button size="small" onClick={() => void actions.lookBeside(key)}>
          Read it again
        </Button>
      </div>
    </div>
  );
}
