/** One line for a reason, where the button was; Enter saves, Escape leaves it. */
import { Button, Input } from '@fluentui/react-components';
import { useState, type KeyboardEvent, type ReactNode } from 'react';

interface Props {
  readonly label: string;
  readonly required: boolean;
  readonly action: string;
  readonly onSave: (reason: string) => void;
  readonly onCancel: () => void;
}

export function ReasonField({ label, required, action, onSave, onCancel }: Props): ReactNode {
  const [reason, setReason] = useState('');
  const isReady = !required || reason.trim().length > 2;
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') onCancel();
    if (event.key === 'Enter' && isReady) onSave(reason.trim());
  };
  return (
    <div className="reason" role="group" aria-label={label}>
      <Input
        size="small"
        autoFocus
        value={reason}
        maxLength={500}
        aria-label={`${label} ${required ? '' : '(optional)'}`}
        placeholder={required ? label : `${label} (optional)`}
        onChange={(_, { value }) => setReason(value)}
        onKeyDown={onKeyDown}
      />
      <Button
        size="small"
        appearance="primary"
        disabled={!isReady}
        onClick={() => onSave(reason.trim())}
      >
        {action}
      </Button>
      <Button size="small" appearance="subtle" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
