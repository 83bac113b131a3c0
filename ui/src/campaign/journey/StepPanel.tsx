// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import type { Graph, Step, StepNews } from './api';
import { lead, prune, reached, remove, waysOf, type Way } from './drawing';
import { useWords } from './words';
import styles from './Journey.module.css';

interface StepPanelProps {
  graph: Graph;
  step: Step;
  news?: StepNews;
  isFixed: boolean;
  onChange: (graph: Graph) => void;
  onGone: () => void;
}

/** What the fields of a step are, by its kind. */
function Fields({ graph, step, set }: { graph: Graph; step: Step; set: (part: Partial<Step>) => void }) {
  const { t } = useTranslation('campaign');
  const words = useWords();
  if (step.kind === 'mail')
    return (
      <Select
        label={t('edit.template')}
        searchable
        data={words.templates}
        value={step.template_id ? String(step.template_id) : null}
        onChange={(id) => set({ template_id: Number(id) || undefined })}
      />
    );
  if (step.kind === 'wait')
    return (
      <>
        <div className={styles.pair}>
          <NumberInput
            label={t('journey.days')}
            min={0}
            max={365}
            value={step.days ?? 0}
            onChange={(n) => set({ days: Number(n) || undefined })}
          />
          <NumberInput
            label={t('journey.hours')}
            min={0}
            max={8760}
            value={step.hours ?? 0}
            onChange={(n) => set({ hours: Number(n) || undefined })}
          />
        </div>
        <TextInput
          label={t('journey.until')}
          description={t('journey.untilHint')}
          placeholder="10:00"
          value={step.until ?? ''}
          onChange={(event) => set({ until: event.currentTarget.value || undefined })}
        />
      </>
    );
  if (step.kind === 'condition') {
    const mails = graph.steps.filter((one) => one.kind === 'mail' && reached(graph, one.next).has(step.id));
    return (
      <>
        <SegmentedControl
          fullWidth
          aria-label={t('journey.test')}
          value={step.test || 'bought'}
          onChange={(test) => set({ test: test as Step['test'] })}
          data={(['bought', 'clicked', 'segment'] as const).map((value) => ({
            value,
            label: t(`journey.tests.${value}`),
          }))}
        />
        {step.test === 'segment' && (
          <Select
            label={t('edit.segment')}
            searchable
            data={words.segments}
            value={step.segment_id ? String(step.segment_id) : null}
            onChange={(id) => set({ segment_id: Number(id) || undefined })}
          />
        )}
        {step.test === 'clicked' && (
          <Select
            label={t('journey.whichMail')}
            data={mails.map((one) => ({ value: one.id, label: one.name || words.stepText(one, () => '') }))}
            value={step.mail_step ?? null}
            onChange={(id) => set({ mail_step: id ?? undefined })}
          />
        )}
      </>
    );
  }
  if (step.kind === 'split') return <Branches step={step} set={set} />;
  return <p className="dim">{t('journey.exitHint')}</p>;
}

function Branches({ step, set }: { step: Step; set: (part: Partial<Step>) => void }) {
  const { t } = useTranslation('campaign');
  const branches = step.branches ?? [];
  return (
    <>
      {branches.map((branch, i) => (
        <NumberInput
          key={i}
          label={t('journey.branch', { name: String.fromCharCode(65 + i) })}
          min={1}
          max={10_000}
          value={branch.share}
          onChange={(share) =>
            set({ branches: branches.map((one, n) => (n === i ? { ...one, share: Number(share) || 1 } : one)) })
          }
        />
      ))}
      {branches.length < 5 && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<Plus size={13} />}
          onClick={() => set({ branches: [...branches, { share: 1 }] })}
        >
          {t('journey.addBranch')}
        </Button>
      )}
    </>
  );
}

/** Changes one step of the drawing. */
export function StepPanel({ graph, step, news, isFixed, onChange, onGone }: StepPanelProps) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const words = useWords();
  const set = (part: Partial<Step>) =>
    onChange(prune({ ...graph, steps: graph.steps.map((one) => (one.id === step.id ? { ...one, ...part } : one)) }));
  // Ways may only lead to steps from which no way comes back.
  const targets = graph.steps.filter((one) => one.id !== step.id && !reached(graph, one.id).has(step.id));
  const label = (way: Way) =>
    step.kind === 'condition'
      ? t(way.slot === 'next' ? 'journey.whenYes' : 'journey.whenNo')
      : step.kind === 'split'
        ? t('journey.whenBranch', { name: String.fromCharCode(65 + Number(way.slot)) })
        : t('journey.then');
  return (
    <Panel
      title={t(`journey.kind.${step.kind}`)}
      actions={
        !isFixed && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            leftSection={<Trash2 size={13} />}
            onClick={() => {
              onChange(remove(graph, step.id));
              onGone();
            }}
          >
            {t('journey.removeStep')}
          </Button>
        )
      }
    >
      <fieldset className={styles.form} disabled={isFixed}>
        <TextInput
          label={t('journey.stepName')}
          placeholder={t(`journey.kind.${step.kind}`)}
          maxLength={100}
          value={step.name ?? ''}
          onChange={(event) => set({ name: event.currentTarget.value || undefined })}
        />
        <Fields graph={graph} step={step} set={set} />
        {waysOf(step).map((way) => (
          <Select
            key={way.slot}
            label={label(way)}
            data={[
              { value: '', label: t('journey.endOfWay') },
              ...targets.map((one) => ({
                value: one.id,
                label: `${one.name || t(`journey.kind.${one.kind}`)} · ${words.stepText(one, () => '')}`,
              })),
            ]}
            value={way.to ?? ''}
            onChange={(id) => onChange(prune(lead(graph, way, id || undefined)))}
          />
        ))}
      </fieldset>
      {news?.campaign_id !== undefined && (
        <p className={styles.news}>
          {t('journey.mailNews', {
            sent: number(news.sent ?? 0),
            clicked: number(news.clicked ?? 0),
            skipped: number(news.skipped ?? 0),
          })}{' '}
          <Link to="/campaigns/$id" params={{ id: String(news.campaign_id) }} search={{ tab: 'recipients' }}>
            {t('journey.ledger')}
          </Link>
        </p>
      )}
    </Panel>
  );
}
