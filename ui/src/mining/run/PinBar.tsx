// SPDX-License-Identifier: Apache-2.0
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pin, PinOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { pinRun, pinnedQuery, type Run } from './api';
import classes from './Run.module.css';

/** Keeps a result with a comment, or lets it go. */
export function PinBar({ run }: { run: Run }) {
  const { t } = useTranslation('mining');
  const can = useCan();
  const cache = useQueryClient();
  const [note, setNote] = useState(run.note ?? '');
  const isPinned = run.pinned_at !== undefined;
  const pin = useMutation({
    mutationFn: (kept: boolean) => pinRun(run.id, kept, kept ? note : ''),
    onError: tellFault,
    onSuccess: (next, kept) => {
      if (!kept) setNote('');
      cache.setQueryData(['mining-run', run.id], next);
      void cache.invalidateQueries({ queryKey: pinnedQuery.queryKey });
    },
  });
  if (!can('mining:update')) return run.note ? <p className={classes.note}>{run.note}</p> : null;
  return (
    <div className={classes.pin}>
      <Textarea
        aria-label={t('run.note')}
        placeholder={t('run.note')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2000}
      />
      <Button
        variant="default"
        leftSection={<Pin size={16} aria-hidden />}
        loading={pin.isPending}
        disabled={isPinned && note === (run.note ?? '')}
        onClick={() => pin.mutate(true)}
      >
        {t(isPinned ? 'run.saveNote' : 'run.pin')}
      </Button>
      {isPinned && (
        <Button
          variant="subtle"
          leftSection={<PinOff size={16} aria-hidden />}
          loading={pin.isPending}
          onClick={() => pin.mutate(false)}
        >
          {t('run.unpin')}
        </Button>
      )}
    </div>
  );
}
