// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Slider, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { Ago } from '@/shared/format';
import { tell } from '@/shared/page';
import type { RememberedMapping, Source } from '../api';
import classes from './Source.module.css';

function Mappings({ mappings }: { mappings: RememberedMapping[] }) {
  const { t } = useTranslation('intake');
  return (
    <section>
      <h3 style={{ margin: '0 0 6px', fontSize: 12, fontWeight: 550 }} className="dim">
        {t('source.mappings')}
      </h3>
      <ul className={classes.mappings}>
        {mappings.map((mapping) => (
          <li key={mapping.signature + mapping.kind}>
            <span>
              {t(`kind.${mapping.kind}`)} · {t('source.columns', { count: mapping.column_count })}
              {mapping.headers && <small>{mapping.headers.slice(0, 6).join(', ')}</small>}
            </span>
            <span className="dim">
              <Ago at={mapping.updated_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Makes a source or changes what it is called, who it belongs to and how far it is trusted. */
export function SourceForm({ source, onDone }: { source?: Source; onDone: () => void }) {
  const { t } = useTranslation('intake');
  const { t: shared } = useTranslation('shared');
  const queries = useQueryClient();
  const trustId = useId();
  const form = useForm({
    initialValues: {
      name: source?.name ?? '',
      label: source?.label ?? '',
      department: source?.department ?? '',
      trust: source?.trust ?? 50,
    },
    validate: {
      name: (value) => (value.trim() ? null : t('source.needName')),
      label: (value) => (value.trim() ? null : t('source.needLabel')),
    },
  });
  const save = useMutation({
    mutationFn: ({ name, ...rest }: typeof form.values) =>
      source
        ? api.patch<Source>('/api/sources/{id}', { path: { id: source.id }, body: rest })
        : api.post<Source>('/api/sources', { body: { name, ...rest } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sources'] });
      tell(t('source.saved'));
      onDone();
    },
  });
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => save.mutate(values))}>
      {!source && (
        <TextInput
          label={t('source.name')}
          description={t('source.nameHint')}
          required
          maxLength={48}
          data-autofocus
          {...form.getInputProps('name')}
        />
      )}
      <TextInput label={t('source.label')} required maxLength={80} {...form.getInputProps('label')} />
      <TextInput label={t('source.department')} maxLength={80} {...form.getInputProps('department')} />
      <div className={classes.slider}>
        <label id={trustId}>{t('source.trust')}</label>
        <Slider
          aria-labelledby={trustId}
          thumbProps={{ 'aria-labelledby': trustId }}
          step={5}
          marks={[
            { value: 0, label: t('source.low') },
            { value: 50, label: '50' },
            { value: 100, label: t('source.high') },
          ]}
          {...form.getInputProps('trust')}
        />
      </div>
      <p className="dim" style={{ margin: 0 }}>
        {t('source.trustHint')}
      </p>
      {source?.mappings && source.mappings.length > 0 && <Mappings mappings={source.mappings} />}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onDone}>
          {shared('cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {shared('save')}
        </Button>
      </Group>
    </form>
  );
}
