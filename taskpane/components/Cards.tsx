/** The clients that need a human, dearest first, and what is amiss with sources and sheet. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Card } from '../../src/core/model.ts';
import { flagKey } from '../obstacles.ts';
import type { Close } from '../use-close.ts';
import { money, plural } from '../words.ts';
import { FlagNote } from './FlagNote.tsx';

interface Props {
  readonly close: Close;
  readonly onHold: (clientId: string) => void;
}

export function Cards({ close, onHold }: Props): ReactNode {
  const run = close.state.review?.dryRun;
  if (!run) return null;
  const general = [...run.flags, ...run.notices];
  return (
    <>
      {run.cards.length > 0 ? (
        <section aria-label="Needs a look" className="cards">
          <h2>
            {plural(run.cards.length, 'client')} {run.cards.length === 1 ? 'needs' : 'need'} a look
          </h2>
          {run.cards.map((card) => (
            <CardBox key={card.clientId} card={card} close={close} onHold={onHold} />
          ))}
        </section>
      ) : null}
      {general.length > 0 ? (
        <section aria-label="Sources and sheet" className="cards">
          <h2>Sources and sheet</h2>
          <div className="card">
            {general.map((flag) => (
              <FlagNote key={flagKey(flag)} flag={flag} close={close} />
            ))}
          </div>
        </section>
      ) : null}
    </>
  );
}

function CardBox({ card, close, onHold }: Props & { readonly card: Card }): ReactNode {
  const { state, actions } = close;
  const invoice = state.review?.dryRun.invoices.find((one) => one.clientId === card.clientId);
  const isHeld = invoice?.held !== null && invoice !== undefined;
  const holdButton = (
    <Button size="small" appearance="subtle" onClick={() => onHold(card.clientId)}>
      Hold …
    </Button>
  );
  return (
    <article
      className={`card ${card.decided || isHeld ? 'decided' : ''}`}
      aria-label={card.clientName}
    >
      <div className="row spread">
        <h3>{card.clientName}</h3>
        <span className="figure">{money(card.impact)}</span>
      </div>
      {card.pairedWith ? (
        <p className="quiet">What it lost, {card.pairedWith.clientName} gained: a wrong link?</p>
      ) : null}
      {card.reasons.map((flag, index) => (
        <FlagNote
          key={flagKey(flag)}
          flag={flag}
          close={close}
          more={index === card.reasons.length - 1 && !isHeld ? holdButton : null}
        />
      ))}
      {isHeld ? (
        <div className="row">
          <span className="quiet">Held: {invoice.held}</span>
          <Button size="small" appearance="subtle" onClick={() => actions.release(card.clientId)}>
            Release
          </Button>
        </div>
      ) : null}
    </article>
  );
}
