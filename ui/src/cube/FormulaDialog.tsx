// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import { tell } from '@/shared/page';
import { catalogueQuery, checkFormula, metaQuery, saveMetric, type Definition, type MetricDraft } from './api';
import { useCubeMeta } from './useCubeMeta';

interface FormulaDialogProps {
  opened: boolean;
  /** The measure that is changed; none for a new one. */
  metric?: Definition;
  onClose: () => void;
  onSaved?: (name: string) => void;
}

const kinds = ['number', 'money', 'percent', 'integer', 'quantity'] as const;
const empty: MetricDraft = { name: '', label: { ko: '', en: '' }, about: '', formula: '', kind: 'number' };
const WAIT = 350;

const draftOf = (metric: Definition | undefined): MetricDraft =>
  metric
    ? {
        name: metric.name.replace(/^calc\./, ''),
        label: metric.label,
        about: metric.about.ko,
        formula: metric.formula,
        kind: metric.kind as MetricDraft['kind'],
        version: metric.version,
      }
    : empty;

/** Defines a measure by a formula; it is checked while it is written. */
export function FormulaDialog({ opened, metric, onClose, onSaved }: FormulaDialogProps) {
  const { t } = useTranslation('cube');
  return (
    <Modal opened={opened} onClose={onClose} title={t(metric ? 'formula.change' : 'formula.new')} size="lg">
      {opened && <FormulaForm key={metric?.name} metric={metric} onClose={onClose} onSaved={onSaved} />}
    </Modal>
  );
}

function FormulaForm({ metric, onClose, onSaved }: Omit<FormulaDialogProps, 'opened'>) {
  const { t } = useTranslation('cube');
  const cache = useQueryClient();
  const meta = useCubeMeta();
  const [draft, setDraft] = useState<MetricDraft>(() => draftOf(metric));
  const [formula] = useDebouncedValue(draft.formula, WAIT);
  const check = useQuery({
    queryKey: ['cube-formula', formula],
    queryFn: () => checkFormula(formula),
    enabled: formula.trim() !== '',
    retry: false,
  });
  const save = useMutation({
    meta: { quiet: true }, // said in the form
    mutationFn: () => saveMetric({ ...draft, id: metric?.metric }),
    onSuccess: async () => {
      await Promise.all([
        cache.invalidateQueries({ queryKey: metaQuery.queryKey }),
        cache.invalidateQueries({ queryKey: catalogueQuery.queryKey }),
      ]);
      tell(t('saved'));
      onSaved?.(`calc.${draft.name}`);
      onClose();
    },
  });
  const set = (change: Partial<MetricDraft>) => setDraft({ ...draft, ...change });
  const isSound = check.isSuccess && formula === draft.formula;
  return (
    <form
      style={{ display: 'grid', gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Group grow align="start">
        <TextInput
          label={t('formula.label')}
          value={draft.label.ko}
          onChange={(e) => set({ label: { ko: e.currentTarget.value, en: draft.label.en } })}
          data-autofocus
          required
          maxLength={80}
        />
        <TextInput
          label={t('formula.labelEn')}
          value={draft.label.en}
          onChange={(e) => set({ label: { ko: draft.label.ko, en: e.currentTarget.value } })}
          maxLength={80}
        />
      </Group>
      <Group grow align="start">
        <TextInput
          label={t('formula.name')}
          description={t('formula.nameHint')}
          value={draft.name}
          onChange={(e) => set({ name: e.currentTarget.value })}
          pattern="[a-z][a-z0-9_]*"
          required
          maxLength={40}
        />
        <Select
          label={t('formula.kind')}
          description={t('formula.kindHint')}
          data={kinds.map((value) => ({ value, label: t(`formula.kinds.${value}`) }))}
          value={draft.kind}
          allowDeselect={false}
          onChange={(kind) => kind && set({ kind: kind as MetricDraft['kind'] })}
        />
      </Group>
      <Textarea
        label={t('formula.formula')}
        description={t('formula.hint')}
        value={draft.formula}
        onChange={(e) => set({ formula: e.currentTarget.value })}
        autosize
        minRows={2}
        required
        maxLength={500}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        error={check.isError && formula === draft.formula ? faultText(check.error) : undefined}
      />
      <Select
        label={t('formula.insert')}
        data={meta.measureGroups
          .map((group) => ({ ...group, items: group.items.filter((item) => !item.value.startsWith('calc.')) }))
          .filter((group) => group.items.length > 0)}
        value={null}
        searchable
        nothingFoundMessage={t('notFound')}
        onChange={(name) =>
          name && set({ formula: `${draft.formula}${draft.formula && !draft.formula.endsWith(' ') ? ' ' : ''}${name}` })
        }
      />
      {isSound && (
        <p className="dim">
          {t('formula.uses', { names: check.data.measures.map((m) => meta.names.get(m) ?? m).join(', ') })}
        </p>
      )}
      <Textarea
        label={t('formula.about')}
        value={draft.about}
        onChange={(e) => set({ about: e.currentTarget.value })}
        autosize
        maxLength={500}
      />
      {save.isError && <p role="alert">{faultText(save.error)}</p>}
      <Button type="submit" loading={save.isPending} disabled={!isSound || !draft.label.ko.trim() || !draft.name}>
        {t('save')}
      </Button>
    </form>
  );
}
