/** Which file the counts of a source are from, and a way to bring another. */
import type { ReactNode } from 'react';
import type { SourceHealth } from '../../src/core/model.ts';
import type { Close } from '../use-close.ts';

export function FileImport(props: {
  readonly source: SourceHealth;
  readonly close: Close;
}): ReactNode {
  const { source, close } = props;
  const { state, actions } = close;
  const { file } = source;
  return (
    <>
      {file ? (
        <p className="quiet">
          From {file.name} ({file.profile}): {file.reason}.
        </p>
      ) : null}
      {source.takesFiles ? (
        <label className="row">
          <span>Import a file</span>
          <input
            type="file"
            aria-label={`Import a file for ${source.title}`}
            accept=".csv,.txt,.tsv,.xlsx"
            disabled={state.busy !== null || !state.started}
            onChange={({ currentTarget }) => {
              const chosen = currentTarget.files?.[0];
              if (chosen) void actions.importFile(source.id, chosen);
              // The same file may be chosen again once it was mended.
              currentTarget.value = '';
            }}
          />
        </label>
      ) : null}
    </>
  );
}
