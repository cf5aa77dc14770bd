/** A button for what cannot be taken back: it asks first, with a reason, and Escape leaves it. */
import { Button } from '@fluentui/react-components';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ReasonField } from './ReasonField.tsx';

interface Props {
  readonly label: string;
  /** What happens, and what cannot be undone. */
  readonly question: string;
  readonly why: string;
  readonly action: string;
  readonly disabled: boolean;
  readonly required?: boolean;
  readonly onDo: (reason: string) => void;
}

export function AskFirst(props: Props): ReactNode {
  const { label, question, why, action, disabled, required = true, onDo } = props;
  const [asks, setAsks] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    if (wasAsking.current && !asks) box.current?.querySelector('button')?.focus();
    wasAsking.current = asks;
  }, [asks]);
  if (!asks) {
    return (
      <div ref={box}>
        <Button size="small" disabledFocusable={disabled} onClick={() => setAsks(true)}>
          {label} …
        </Button>
      </div>
    );
  }
  return (
    <div className="ask" role="group" aria-label={label}>
      <p>{question}</p>
      <ReasonField
        label={why}
        required={required}
        action={action}
        onCancel={() => setAsks(false)}
        onSave={(reason) => {
          setAsks(false);
          onDo(reason);
        }}
      />
    </div>
  );
}
