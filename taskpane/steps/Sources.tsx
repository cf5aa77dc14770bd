/** S2: can the counts be relied on, and what belongs to nobody yet. Unmapped first. */
import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { SourceHealth } from '../../src/core/model.ts';
import { Notice } from '../components/Bars.tsx';
import { FileImport } from '../components/FileImport.tsx';
import { howFar } from '../actions/watch-syncs.ts';
import type { Close } from '../use-close.ts';
import { age, moment, plural } from '../words.ts';
import { Mappings } from './Mappings.tsx';

const WORDS: Readonly<Record<SourceHealth['state'], string>> = {
  fresh: 'OK', late: 'LATE', failed: 'FAILED', never: 'NONE', partial: 'PARTLY',
}; // prettier-ignore

export function Sources({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const { sources } = state;
  const fresh = sources.filter((source) => source.state === 'fresh').length;
  return (
    <>
      <div className="row spread">
        <h1>Sources</h1>
        <Button
          size="small"
          disabled={state.busy !== null || !state.started}
          onClick={() => void actions.refresh()}
        >
          Sync all
        </Button>
      </div>
      {sources.length === 0 ? (
        <Notice>
          No source is connected. Name one in the relay&apos;s configuration file, then open this
          again.
        </Notice>
      ) : (
        <p className="quiet">
          {fresh} of {sources.length} fresh. Late means older than{' '}
          {state.session?.lateAfterHours ?? 24} h.
        </p>
      )}
      <Mappings close={close} />
      <ul className="sources">
        {sources.map((source) => (
          <Source key={source.id} source={source} close={close} />
        ))}
      </ul>
    </>
  );
}

function Source({
  source,
  close,
}: {
  readonly source: SourceHealth;
  readonly close: Close;
}): ReactNode {
  const { state, actions } = close;
  const [open, setOpen] = useState(source.state !== 'fresh');
  const sync = state.running.find((one) => one.source === source.id);
  const now = state.session?.now ?? source.lastTriedAt ?? '';
  return (
    <li>
      <button type="button" className="source" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={`badge ${source.state}`}>{WORDS[source.state]}</span>
        <strong>{source.title}</strong>
        <span className="quiet">{source.lastGoodAt ? age(source.lastGoodAt, now) : 'never'}</span>
        <span className="quiet">{plural(source.clients.length, 'client')}</span>
        {sync ? (
          <span className="quiet">
            syncing since {moment(sync.since)}, {howFar(sync.pages)}
          </span>
        ) : null}
      </button>
      {open ? (
        <div className="inset">
          <p>
            {source.lastGoodAt
              ? `Last good answer ${moment(source.lastGoodAt)}.`
              : 'It has never answered.'}{' '}
            {source.services.length > 0 ? `Counts ${source.services.join(', ')}.` : ''}
          </p>
          <FileImport source={source} close={close} />
          {source.gaps?.length ? (
            <p>
              Kept from before:{' '}
              {source.gaps
                .map(({ name, since }) => `${name} (${since ? moment(since) : 'never read'})`)
                .join(', ')}
              .
            </p>
          ) : null}
          {source.error ? (
            <p>
              {source.error.message} {source.error.remedy}
            </p>
          ) : null}
          <Button
            size="small"
            disabled={state.busy !== null || !state.started}
            onClick={() => void actions.refresh([source.id])}
          >
            Sync {source.title} now
          </Button>
          {source.state === 'fresh' ? null : (
            <p className="quiet">
              Its old counts can be used with a reason; the review asks for it.
            </p>
          )}
        </div>
      ) : null}
    </li>
  );
}
