// SPDX-License-Identifier: Apache-2.0
import { MultiSelect, NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/page';
import type { CampaignDraft, Intent, TemplateChoice, Variant } from '../api';
import styles from './Edit.module.css';

const KEYS = 'ABCDE';
const POINTS = 100;

const keyed = (ids: number[]): Variant[] | undefined =>
  ids.length > 1 ? ids.map((id, i) => ({ key: KEYS[i] ?? '', template_id: id, share: 1 })) : undefined;

/** The template that was chosen is variant A. */
export function withFirst(intent: Intent, id: number): Intent {
  const others = (intent.variants ?? []).slice(1).map((variant) => variant.template_id);
  return { ...intent, variants: keyed([id, ...others.filter((other) => other !== id)]) };
}

interface VariantsPanelProps {
  draft: CampaignDraft;
  templates: TemplateChoice[];
  onChange: (part: Partial<CampaignDraft>) => void;
}

/** Other messages to try against the chosen one; the objective decides, not opens. */
export function VariantsPanel({ draft, templates, onChange }: VariantsPanelProps) {
  const { t } = useTranslation('campaign');
  const { intent } = draft;
  const others = (intent.variants ?? []).slice(1).map((variant) => String(variant.template_id));
  const set = (part: Partial<Intent>) => onChange({ intent: { ...intent, ...part } });
  return (
    <Panel title={t('variant.title')}>
      <div className={styles.form}>
        <MultiSelect
          label={t('variant.others')}
          description={t('variant.hint')}
          searchable
          maxValues={KEYS.length - 1}
          data={templates
            .filter((template) => template.id !== draft.template_id)
            .map((template) => ({ value: String(template.id), label: template.name }))}
          value={others}
          onChange={(ids) => set({ variants: keyed([draft.template_id, ...ids.map(Number)]) })}
        />
        {others.length > 0 && (
          <div className={styles.pair}>
            <NumberInput
              label={t('variant.share')}
              description={t('variant.shareHint')}
              min={0}
              max={100}
              value={(intent.test_share ?? 0) / POINTS}
              onChange={(share) => set({ test_share: Math.round(Number(share || 0) * POINTS) || undefined })}
              rightSection={<span className="dim">%</span>}
            />
            <NumberInput
              label={t('variant.hours')}
              description={t('variant.hoursHint')}
              min={0}
              max={720}
              disabled={!intent.test_share}
              value={intent.test_hours ?? 0}
              onChange={(hours) => set({ test_hours: Number(hours) || undefined })}
            />
          </div>
        )}
      </div>
    </Panel>
  );
}
