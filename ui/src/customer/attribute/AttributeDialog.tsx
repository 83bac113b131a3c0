// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Group, Modal, Select, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tell } from '@/shared/page';
import type { Attribute } from '../api';

const types = ['text', 'integer', 'number', 'money', 'date', 'boolean', 'choice'] as const;
const SLUG = /^[a-z][a-z0-9_]{0,62}$/;

interface AttributeDialogProps {
  /** Undefined makes a new one. */
  attribute: Attribute | undefined;
  onClose: () => void;
  onSaved: () => void;
}

/** Makes an attribute, or changes what may change: its labels, choices and marks. */
export function AttributeDialog({ attribute, onClose, onSaved }: AttributeDialogProps) {
  const { t } = useTranslation('customer');
  const form = useForm({
    initialValues: {
      name: attribute?.name ?? '',
      label_ko: attribute?.label_ko ?? '',
      label_en: attribute?.label_en ?? '',
      type: attribute?.type ?? ('text' as Attribute['type']),
      choices: attribute?.choices ?? [],
      searchable: attribute?.searchable ?? false,
      is_personal: attribute?.is_personal ?? false,
    },
    validate: {
      name: (name) => (SLUG.test(name) ? null : t('attribute.badName')),
      choices: (choices, values) =>
        values.type === 'choice' && choices.length === 0 ? t('attribute.needChoices') : null,
    },
  });
  const save = useMutation({
    mutationFn: ({ name, type, choices, ...rest }: typeof form.values) => {
      const shared = { ...rest, ...(type === 'choice' ? { choices } : {}) };
      return attribute
        ? api.patch('/api/attributes/{id}', {
            path: { id: attribute.id },
            body: { ...shared, version: attribute.version },
          })
        : api.post('/api/attributes', { body: { ...shared, name, type } });
    },
    onSuccess: () => {
      tell(t(attribute ? 'attribute.saved' : 'attribute.created'));
      onSaved();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t(attribute ? 'attribute.edit' : 'attribute.new')} size={520}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} style={{ display: 'grid', gap: 12 }}>
        <Group grow align="start" gap={12}>
          <TextInput label={t('attribute.labelKo')} required data-autofocus {...form.getInputProps('label_ko')} />
          <TextInput label={t('attribute.labelEn')} required {...form.getInputProps('label_en')} />
        </Group>
        <Group grow align="start" gap={12}>
          <TextInput
            label={t('attribute.name')}
            description={t('attribute.nameHint')}
            required
            disabled={attribute !== undefined}
            {...form.getInputProps('name')}
          />
          <Select
            label={t('attribute.type')}
            description={t('attribute.typeHint')}
            data={types.map((value) => ({ value, label: t(`attribute.types.${value}`) }))}
            allowDeselect={false}
            disabled={attribute !== undefined}
            {...form.getInputProps('type')}
          />
        </Group>
        {form.values.type === 'choice' && (
          <TagsInput
            label={t('attribute.choices')}
            description={t('attribute.choicesHint')}
            {...form.getInputProps('choices')}
          />
        )}
        <Checkbox label={t('attribute.personalHint')} {...form.getInputProps('is_personal', { type: 'checkbox' })} />
        <Checkbox label={t('attribute.searchableHint')} {...form.getInputProps('searchable', { type: 'checkbox' })} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('new.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('attribute.save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
