// SPDX-License-Identifier: Apache-2.0
import { Check, TriangleAlert } from 'lucide-react';
import classes from './Steps.module.css';

/** One step of work that has an order. */
export interface Step<Id extends string = string> {
  id: Id;
  label: string;
  state: 'done' | 'current' | 'ahead' | 'wrong';
}

interface StepsProps<Id extends string> {
  label: string;
  steps: Step<Id>[];
  /** Goes to a step; left out where steps only tell how far the work is. */
  onStep?: (id: Id) => void;
  /** Tells that a step can be gone to now; all can when left out. */
  canGo?: (id: Id) => boolean;
}

/** The steps of an assistant in one line: where one is, what is done, what comes. */
export function Steps<Id extends string>({ label, steps, onStep, canGo }: StepsProps<Id>) {
  return (
    <nav aria-label={label}>
      <ol className={classes.steps}>
        {steps.map((step, i) => {
          const inside = (
            <>
              <span className={classes.mark} aria-hidden>
                {step.state === 'done' ? (
                  <Check size={12} strokeWidth={2.5} />
                ) : step.state === 'wrong' ? (
                  <TriangleAlert size={12} strokeWidth={2.2} />
                ) : (
                  i + 1
                )}
              </span>
              {step.label}
            </>
          );
          const current = step.state === 'current' ? 'step' : undefined;
          return (
            <li key={step.id} className={classes.item}>
              {onStep && step.state !== 'current' && (canGo?.(step.id) ?? true) ? (
                <button type="button" className={classes.step} data-state={step.state} onClick={() => onStep(step.id)}>
                  {inside}
                </button>
              ) : (
                <span className={classes.step} data-state={step.state} aria-current={current}>
                  {inside}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
