// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Modal, Radio, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelQuery, startRun } from '../api';
import { CostView } from './CostView';

/** The button that starts a run, with what it will cost and how it is to work. */
export function StartRun() {
  const { t } = useTranslation('match');
  const queries = useQueryClient();
  const [opened, open] = useState(false);
  const [train, setTrain] = useState('train');
  const [reviewOnly, setReviewOnly] = useState(false);
  const model = useQuery(modelQuery);
  const start = useMutation({
    mutationFn: () => startRun({ train: train === 'train' || !model.data, review_only: reviewOnly }),
    onSuccess: () => {
      open(false);
      return queries.invalidateQueries({ queryKey: ['match', 'runs'] });
    },
  });
  return (
    <>
      <Button leftSection={<Play size={15} />} onClick={() => open(true)}>
        {t('run.start')}
      </Button>
      <Modal opened={opened} onClose={() => open(false)} title={t('start.title')} size={520}>
        <Stack gap={14}>
          <p className="dim" style={{ margin: 0 }}>
            {t('start.text')}
          </p>
          {model.data && (
            <Radio.Group value={train} onChange={setTrain} label={t('start.model')}>
              <Stack gap={8} mt={6}>
                <Radio value="train" label={t('start.train')} description={t('start.trainText')} />
                <Radio
                  value="saved"
                  label={t('start.saved', { id: model.data.id })}
                  description={t('start.savedText')}
                />
              </Stack>
            </Radio.Group>
          )}
          <Checkbox
            checked={reviewOnly}
            onChange={(event) => setReviewOnly(event.currentTarget.checked)}
            label={t('start.reviewOnly')}
            description={t('start.reviewOnlyText')}
          />
          {opened && <CostView saved={train === 'saved' && Boolean(model.data)} />}
          <Button loading={start.isPending} onClick={() => start.mutate()} data-autofocus>
            {t('run.start')}
          </Button>
        </Stack>
      </Modal>
    </>
  );
}
