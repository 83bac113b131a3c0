// SPDX-License-Identifier: Apache-2.0
import { Button, FileButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Download, FileUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { download } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useFormat } from '@/shared/format';
import type { Batch } from '../api';
import { draftOf, keepDraft } from '../file/draft';
import { send } from '../uploads';
import classes from './Batch.module.css';

/** The rejected rows as a file, and the way back for the mended file with the same source and mapping. */
export function Mend({ batch }: { batch: Batch }) {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const { rejected } = batch.counts;
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: send,
    onSuccess: (fileId) => {
      if (!fileId) return navigate({ to: '/import' });
      keepDraft(fileId, { ...draftOf(batch), reading: {} });
      return navigate({ to: '/import/files/$id', params: { id: String(fileId) }, search: { step: 'map' } });
    },
  });
  return (
    <div className={classes.mend}>
      <p>{t('mend.text', { count: rejected, shown: number(rejected) })}</p>
      <Button
        variant="default"
        leftSection={<Download size={14} />}
        onClick={() => void download('/api/batches/{id}/rejects.csv', { path: { id: batch.id } }).catch(tellFault)}
      >
        {t('mend.download')}
      </Button>
      <FileButton onChange={(file) => file && again.mutate(file)}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<FileUp size={14} />} loading={again.isPending}>
            {t('mend.upload')}
          </Button>
        )}
      </FileButton>
    </div>
  );
}
