/** What the nightly comparison found in the books and what does not fit; MCC changes nothing there. */
import type { ReactNode } from 'react';
import type { BooksState, PostingState } from '../../src/contract/contract.ts';
import { booksWords } from '../books-words.ts';
import { shownPostings } from '../shown-postings.ts';
import type { Close } from '../use-close.ts';
import { moment, plural, readable, sentence } from '../words.ts';

type Finding = NonNullable<BooksState['sweep']>['findings'][number];

/** More than these hide the batch itself. */
const SHOWN_MAX = 20;

const WORDS: Readonly<Record<Finding['kind'], string>> = {
  missing: 'gone',
  voided: 'voided',
  mismatch: 'not as approved',
  duplicate: 'there more than once',
  foreign: 'not ours',
  unexpected: 'there, though it should not be',
};

const STATES: Readonly<Partial<Record<Finding['kind'], PostingState>>> = {
  missing: 'MISSING_IN_LEDGER',
  voided: 'VOIDED',
  mismatch: 'MISMATCH',
  duplicate: 'DUPLICATE_IN_LEDGER',
};

/** What became the state of an invoice stands among the invoices already. */
function isSaid({ kind, key }: Finding, { state: { batch } }: Close): boolean {
  const listed = batch ? shownPostings(batch) : [];
  return listed.some((posting) => posting.key === key && posting.state === STATES[kind]);
}

export function Findings({ close }: { readonly close: Close }): ReactNode {
  const { books, session } = close.state;
  const { findings: found = [], at } = books?.sweep ?? {};
  const findings = found.filter((one) => !isSaid(one, close));
  if (findings.length === 0 || at === undefined) return null;
  const { name } = booksWords(session);
  const more = findings.length - SHOWN_MAX;
  return (
    <details open className="group" aria-label="Last comparison">
      <summary>
        <b>{plural(findings.length, 'thing')} to look at</b>{' '}
        <span className="quiet">
          in {name}, compared {moment(at)}
        </span>
      </summary>
      <ul className="postings">
        {findings.slice(0, SHOWN_MAX).map((one) => (
          <li key={`${one.kind}|${one.key ?? ''}|${one.invoiceId ?? ''}|${one.ref ?? ''}`}>
            <div className="row spread">
              <span>
                <b>{one.clientName ?? 'Unknown client'}</b>{' '}
                <span className="quiet">{one.ref ?? 'without number'}</span>
              </span>
              <span className="tag">{WORDS[one.kind]}</span>
            </div>
            {one.words ? <p>{sentence(readable(one.words))}</p> : null}
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="quiet">and {more} more.</p> : null}
    </details>
  );
}
