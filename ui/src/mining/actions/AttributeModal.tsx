// SPDX-License-Identifier: Apache-2.0
import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import type { GroupRule } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { RunProgress, runQuery, startRun } from '../run';
import classes from './Actions.module.css';

interface AttributeModalProps {
  name: string;
  rules: GroupRule;
  onClose: () => void;
}

const LONGEST = 80;

/** Writes a finding down as a yes-or-no attribute of its people, and shows how far that is. */
export function AttributeModal({ name, rules, onClose }: AttributeModalProps) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const cache = useQueryClient();
  const [label, setLabel] = useState(name.slice(0, LONGEST));
  const [id, setID] = useState<number>();
  const run = useQuery(runQuery<{ customers: number }>(id));
  const start = useMutation({
    mutationFn: () => startRun('attribute', { label, rules }),
    onSuccess: (begun) => setID(begun.id),
  });
  const state = run.data?.state;
  return (
    <Modal opened onClose={onClose} title={t('actions.attribute')}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <TextInput
          label={t('actions.label')}
          description={t('actions.labelHint')}
          value={label}
          maxLength={LONGEST}
          onChange={(event) => setLabel(event.currentTarget.value)}
          disabled={id !== undefined}
          data-autofocus
        />
        {id === undefined && (
          <Button type="submit" loading={start.isPending} disabled={!label.trim()}>
            {t('actions.keep')}
          </Button>
        )}
        {start.error && <p role="alert">{faultText(start.error)}</p>}
        {run.data && state === 'running' && (
          <RunProgress
            run={run.data}
            onEnd={() => void cache.invalidateQueries({ queryKey: ['mining-run', run.data.id] })}
          />
        )}
        {state === 'failed' && <p role="alert">{run.data?.problem}</p>}
        {state === 'done' && (
          <>
            <p role="status">{t('actions.kept', { n: number(run.data?.result?.customers ?? 0), label })}</p>
            <Button variant="default" onClick={onClose}>
              {t('actions.close')}
            </Button>
          </>
        )}
      </form>
    </Modal>
  );
}
