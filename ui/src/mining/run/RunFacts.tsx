// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Download, RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import type { Run } from './api';
import { exported } from './exported';
import classes from './Run.module.css';

interface RunFactsProps {
  run: Run;
  /** Begins the same run anew. */
  onRepeat: (settings: object, seed: number) => void;
  isBusy?: boolean;
}

/** What makes a result repeatable, and the ways to take it along. */
export function RunFacts({ run, onRepeat, isBusy }: RunFactsProps) {
  const { t } = useTranslation('mining');
  const { dateTime, number } = useFormat();
  const can = useCan();
  const save = () => {
    const url = URL.createObjectURL(new Blob([exported(run)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `dangol-${run.kind}-${run.id}.json`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className={classes.facts}>
      <details>
        <summary>
          {t('run.facts', {
            at: dateTime(run.finished_at ?? run.created_at),
            seq: number(run.data_seq),
            seed: run.seed,
          })}
        </summary>
        <p>{t('run.factsNote')}</p>
        <pre>{JSON.stringify(run.settings, null, 2)}</pre>
      </details>
      {can('mining:update') && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<RotateCcw size={14} aria-hidden />}
          loading={isBusy}
          onClick={() => onRepeat(run.settings, run.seed)}
        >
          {t('run.again')}
        </Button>
      )}
      <Button size="compact-sm" variant="default" leftSection={<Download size={14} aria-hidden />} onClick={save}>
        {t('run.export')}
      </Button>
    </div>
  );
}
