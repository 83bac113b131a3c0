// SPDX-License-Identifier: Apache-2.0
import { Radio } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './Edit.module.css';

/** One thing of a few to choose from. */
export interface Choice {
  value: string;
  label: ReactNode;
  hint?: ReactNode;
  aside?: ReactNode;
}

interface ChoicesProps {
  label: string;
  value: string | null;
  onChange: (value: string) => void;
  choices: Choice[];
  /** One below the other instead of side by side. */
  tall?: boolean;
}

/** Cards of which one is chosen; arrows walk them as in any group of radio buttons. */
export function Choices({ label, value, onChange, choices, tall }: ChoicesProps) {
  return (
    <Radio.Group label={label} value={value} onChange={onChange}>
      <div className={styles.choices} data-tall={tall || undefined}>
        {choices.map((choice) => (
          <label key={choice.value} className={styles.choice} data-chosen={choice.value === value || undefined}>
            <Radio value={choice.value} />
            <span className={styles.choiceText}>
              <strong>{choice.label}</strong>
              {choice.hint && <small>{choice.hint}</small>}
            </span>
            {choice.aside}
          </label>
        ))}
      </div>
    </Radio.Group>
  );
}
