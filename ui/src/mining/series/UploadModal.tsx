// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Checkbox, FileInput, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText, tellFault } from '@/app/faults';
import { useFormat } from '@/shared/format';
import classes from '../actions/Actions.module.css';
import { createSeries, deleteSeries, ownSeriesQuery, type OwnSeries } from './api';
import own from './Series.module.css';

interface UploadModalProps {
  onClose: () => void;
  onMade: (made: OwnSeries) => void;
}

/** Brings a series along: calls by half hour, a balance of points, anything with a date and a number. */
export function UploadModal({ onClose, onMade }: UploadModalProps) {
  const { t } = useTranslation('mining');
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [isLevel, setLevel] = useState(false);
  const refresh = () => cache.invalidateQueries({ queryKey: ownSeriesQuery.queryKey });
  const make = useMutation({
    mutationFn: () => createSeries({ name, text, is_level: isLevel }),
    onSuccess: async (made) => {
      await refresh();
      onMade(made);
    },
  });
  const read = async (file: File | null) => {
    if (!file) return;
    if (!name) setName(file.name.replace(/\.[^.]+$/, '').slice(0, 80));
    setText(await file.text());
  };
  return (
    <Modal opened onClose={onClose} title={t('series.bring')} size="lg">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <p>{t('series.bringText')}</p>
        <TextInput
          label={t('series.name')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <FileInput
          label={t('series.file')}
          accept=".csv,.txt,.tsv"
          placeholder={t('series.fileHint')}
          onChange={(file) => void read(file)}
        />
        <Textarea
          label={t('series.text')}
          placeholder={'2026-03-02 09:00, 12\n2026-03-02 09:30, 17'}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          rows={6}
        />
        <Checkbox
          label={t('series.level')}
          description={t('series.levelHint')}
          checked={isLevel}
          onChange={(event) => setLevel(event.currentTarget.checked)}
        />
        {make.error && <p role="alert">{faultText(make.error)}</p>}
        <Button type="submit" loading={make.isPending} disabled={!name.trim() || !text.trim()}>
          {t('series.keep')}
        </Button>
      </form>
      <Kept onGone={() => void refresh()} />
    </Modal>
  );
}

/** What is there already. */
function Kept({ onGone }: { onGone: () => void }) {
  const { t } = useTranslation('mining');
  const { number, date } = useFormat();
  const list = useQuery(ownSeriesQuery).data?.items ?? [];
  const remove = useMutation({ mutationFn: deleteSeries, onSuccess: onGone, onError: tellFault });
  if (list.length === 0) return null;
  return (
    <ul className={own.kept} aria-label={t('series.yours')}>
      {list.map((one) => (
        <li key={one.id}>
          <span>
            <strong>{one.name}</strong>{' '}
            {t('series.about', { n: number(one.count), from: date(one.first_at), to: date(one.last_at) })}
          </span>
          <ActionIcon
            variant="subtle"
            aria-label={t('series.remove', { name: one.name })}
            loading={remove.isPending && remove.variables === one.id}
            onClick={() => remove.mutate(one.id)}
          >
            <Trash2 size={16} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
