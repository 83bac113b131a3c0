// SPDX-License-Identifier: Apache-2.0
import { Chip, Group, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/page';
import { MoneyInput } from '@/shared/format/MoneyInput';
import { ObjectiveFields } from './ObjectiveFields';
import type { Editor } from './useEditor';
import styles from './Edit.module.css';

const usual = ['revenue', 'repeat', 'winback', 'new_product', 'cross', 'information'] as const;

/** Step 1: what it is called, what it shall reach, and what it may cost. */
export function GoalStep({ editor: { draft, change }, currency }: { editor: Editor; currency: string }) {
  const { t } = useTranslation('campaign');
  return (
    <div className={styles.narrow}>
      <Panel title={t('edit.step.goal')}>
        <div className={styles.form}>
          <TextInput
            label={t('name')}
            placeholder={t('edit.namePlaceholder')}
            required
            maxLength={200}
            data-autofocus
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <div className={styles.goal}>
            <Textarea
              label={t('edit.goal')}
              placeholder={t('edit.goalPlaceholder')}
              maxLength={2000}
              value={draft.goal}
              onChange={(event) => change({ goal: event.currentTarget.value })}
            />
            <Group gap={6} role="group" aria-label={t('edit.goalUsual')}>
              {usual.map((goal) => {
                const label = t(`goal.${goal}`);
                return (
                  <Chip key={goal} size="xs" checked={draft.goal === label} onChange={() => change({ goal: label })}>
                    {label}
                  </Chip>
                );
              })}
            </Group>
          </div>
          <ObjectiveFields intent={draft.intent} currency={currency} onChange={(intent) => change({ intent })} />
          <MoneyInput
            label={t('edit.budget')}
            description={t('edit.budgetHint')}
            value={draft.budget ?? 0}
            currency={currency}
            onChange={(budget) => change({ budget: budget || undefined })}
          />
        </div>
      </Panel>
    </div>
  );
}
