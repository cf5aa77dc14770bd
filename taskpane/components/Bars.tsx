/** The narrow bars under the header: what goes on, what went wrong, what waits. */
import { Button, ProgressBar } from '@fluentui/react-components';
import { useEffect, useState, type ReactNode } from 'react';
import type { Busy, Trouble } from '../close-state.ts';
import { readable } from '../words.ts';

/** Shorter than this nothing is shown: a flash helps nobody (ux.md 1.4). */
const QUIET_MS = 300;

export function BusyBar({ busy }: { readonly busy: Busy | null }): ReactNode {
  const [isLong, setLong] = useState(false);
  const isBusy = busy !== null;
  useEffect(() => {
    if (!isBusy) {
      setLong(false);
      return undefined;
    }
    const timer = setTimeout(() => setLong(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [isBusy]);
  if (!busy || !isLong) return <div className="bar-space" />;
  const share = busy.of ? { value: (busy.done ?? 0) / busy.of } : {};
  return (
    <div className="bar busy">
      <ProgressBar thickness="medium" aria-label={busy.words} {...share} />
      <span>
        {busy.words}
        {busy.of ? ` ${busy.done ?? 0} of ${busy.of}` : ' …'}
      </span>
    </div>
  );
}

/** What happened, what to do; the code behind "Details". Stays until it is closed. */
export function TroubleBar(props: {
  readonly trouble: Trouble | null;
  readonly onClose: () => void;
}): ReactNode {
  const { trouble } = props;
  if (!trouble) return null;
  return (
    <div className="bar trouble" role="alert">
      <p>
        <strong>{readable(trouble.message)}</strong> {trouble.remedy}
      </p>
      <div className="row">
        <details>
          <summary>Details</summary>
          <code>{trouble.code}</code>
        </details>
        <Button size="small" appearance="subtle" onClick={props.onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}

export function Notice({
  children,
  tone = 'plain',
}: {
  readonly children: ReactNode;
  readonly tone?: 'plain' | 'warn' | 'good' | 'bad';
}): ReactNode {
  return <div className={`notice ${tone}`}>{children}</div>;
}
