/** One flag in its own sentence, with what a person can answer to it. */
import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Decision, Flag } from '../../src/core/model.ts';
import { decisionFor, isDecidable, isLate, needsReason, sameTarget } from '../obstacles.ts';
import type { Close } from '../use-close.ts';
import { readable } from '../words.ts';
import { ReasonField } from './ReasonField.tsx';

interface Props {
  readonly flag: Flag;
  readonly close: Close;
  /** Whose it is, where the card does not say so. */
  readonly who?: string | undefined;
  /** What else can be done about it, in the same row as the answers. */
  readonly more?: ReactNode;
  /** Only the sentence: the answers stand somewhere else on the screen. */
  readonly plain?: boolean;
}

export function FlagNote({ flag, close, who, more, plain }: Props): ReactNode {
  const { state, actions } = close;
  const [asks, setAsks] = useState(false);
  const given = state.decisions.find((one) => sameTarget(one, decisionFor(flag, '')));
  const save = (reason: string): void => {
    setAsks(false);
    actions.decide([flag], reason);
  };
  const isDone = flag.decided !== undefined;
  return (
    <div className={`flag ${isDone ? 'decided' : flag.blocks ? 'blocks' : 'asks'}`}>
      <span className="sign" aria-hidden="true">
        {isDone ? '✓' : flag.blocks ? '!!' : '!'}
      </span>
      <div>
        <p>
          <span className="hidden">
            {isDone ? 'Decided: ' : flag.blocks ? 'Blocks: ' : 'Look: '}
          </span>
          {who ? <b>{who}: </b> : null}
          {readable(flag.text)}
        </p>
        {isDone ? <Given flag={flag} given={plain ? undefined : given} close={close} /> : null}
        {!isDone && asks ? (
          <ReasonField
            label={`Reason to ${verb(flag).toLowerCase()}`}
            required={needsReason(flag)}
            action={verb(flag)}
            onSave={save}
            onCancel={() => setAsks(false)}
          />
        ) : null}
        {!isDone && !asks && !plain ? (
          <div className="row">
            <Answers flag={flag} close={close} onAsk={() => setAsks(true)} />
            {more}
          </div>
        ) : null}
      </div>
    </div>
  );
}

function Answers({
  flag,
  close,
  onAsk,
}: {
  readonly flag: Flag;
  readonly close: Close;
  readonly onAsk: () => void;
}): ReactNode {
  const { actions } = close;
  const { cell } = flag;
  return (
    <>
      {isDecidable(flag) ? (
        <Button
          size="small"
          onClick={() => (needsReason(flag) ? onAsk() : actions.decide([flag], ''))}
        >
          {verb(flag)}
        </Button>
      ) : null}
      {flag.source && isLate(flag) ? (
        <Button
          size="small"
          onClick={() => void actions.refresh(flag.source ? [flag.source] : undefined)}
        >
          Sync now
        </Button>
      ) : null}
      {isMapping(flag) ? (
        <Button size="small" onClick={() => void actions.openSources()}>
          Map
        </Button>
      ) : null}
      {cell ? (
        <Button size="small" appearance="subtle" onClick={() => void actions.goTo(cell)}>
          Cell {cell.slice(cell.lastIndexOf('!') + 1)}
        </Button>
      ) : null}
    </>
  );
}

function Given(props: {
  readonly flag: Flag;
  readonly given: Decision | undefined;
  readonly close: Close;
}): ReactNode {
  const { given, close, flag } = props;
  return (
    <div className="row quiet">
      <span>
        {flag.decided ? GIVEN[flag.decided] : ''}
        {given?.reason ? `: ${given.reason}` : ''}
      </span>
      {given ? (
        <Button size="small" appearance="subtle" onClick={() => close.actions.undecide(given)}>
          Undo
        </Button>
      ) : null}
    </div>
  );
}

const isMapping = (flag: Flag): boolean =>
  [
    'client unknown',
    'service unknown',
    'source unmapped',
    'count missing',
    'wrong mapping',
  ].includes(flag.rule);

const GIVEN = {
  keep: 'kept',
  hold: 'held',
  'use late counts': 'old counts used',
  'typed over': 'kept as typed',
} as const;

function verb(flag: Flag): string {
  if (isLate(flag)) return 'Use old counts';
  return flag.rule === 'formula typed over' ? 'Keep what was typed' : 'Keep';
}
