// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { Panel } from '@/shared/page';
import { MoneyInput } from '@/shared/format/MoneyInput';
import { entryKinds, usesSegment, type Entry, type EntryKind, type Graph } from './api';
import { useWords } from './words';
import styles from './Journey.module.css';

const POINTS = 100;

/** The kinds of entry that days belong to. */
type DatedKind = 'birthday' | 'anniversary' | 'silence' | 'recurring';

interface RulesPanelProps {
  graph: Graph;
  isFixed: boolean;
  onChange: (graph: Graph) => void;
}

/** Who comes in, when they leave, and the rules that hold for all steps. */
export function RulesPanel({ graph, isFixed, onChange }: RulesPanelProps) {
  const { t } = useTranslation('campaign');
  const { company } = useSession();
  const words = useWords();
  const { entry, goal } = graph;
  const set = (part: Partial<Graph>) => onChange({ ...graph, ...part });
  const setEntry = (part: Partial<Entry>) => set({ entry: { ...entry, ...part } });
  const isDated = ['birthday', 'anniversary', 'silence', 'recurring'].includes(entry.kind);
  return (
    <>
      <Panel title={t('journey.entryTitle')}>
        <fieldset className={styles.form} disabled={isFixed}>
          <Select
            label={t('journey.entryKind')}
            allowDeselect={false}
            data={entryKinds.map((value) => ({ value, label: t(`journey.entry.${value}`) }))}
            value={entry.kind}
            onChange={(kind) => setEntry({ kind: kind as EntryKind })}
          />
          <p className="dim">{t(`journey.entryHint.${entry.kind}`)}</p>
          <Select
            label={t(usesSegment(entry.kind) ? 'edit.segment' : 'journey.onlyOf')}
            searchable
            clearable={!usesSegment(entry.kind)}
            data={words.segments}
            value={entry.segment_id ? String(entry.segment_id) : null}
            onChange={(id) => setEntry({ segment_id: Number(id) || undefined })}
          />
          {isDated && (
            <div className={styles.pair}>
              <NumberInput
                label={t(`journey.daysFor.${entry.kind as DatedKind}`)}
                min={0}
                max={3650}
                value={entry.days ?? 0}
                onChange={(days) => setEntry({ days: Number(days) || undefined })}
              />
              <TextInput
                label={t('journey.at')}
                placeholder="09:00"
                value={entry.at ?? ''}
                onChange={(event) => setEntry({ at: event.currentTarget.value || undefined })}
              />
            </div>
          )}
          <Select
            label={t('journey.reentry')}
            allowDeselect={false}
            data={(['once', 'after_days', 'always'] as const).map((value) => ({
              value,
              label: t(`journey.reentries.${value}`),
            }))}
            value={graph.reentry || 'once'}
            onChange={(reentry) => set({ reentry: reentry as Graph['reentry'] })}
          />
          {graph.reentry === 'after_days' && (
            <NumberInput
              label={t('journey.reentryDays')}
              min={1}
              max={3650}
              value={graph.reentry_days ?? 1}
              onChange={(days) => set({ reentry_days: Number(days) || 1 })}
            />
          )}
        </fieldset>
      </Panel>
      <Panel title={t('journey.rulesTitle')}>
        <fieldset className={styles.form} disabled={isFixed}>
          <Select
            label={t('journey.goal')}
            description={t('journey.goalHint')}
            allowDeselect={false}
            data={(['', 'bought', 'segment'] as const).map((value) => ({
              value,
              label: t(`journey.goals.${value || 'none'}`),
            }))}
            value={goal.kind ?? ''}
            onChange={(kind) => set({ goal: { ...goal, kind: (kind ?? '') as Graph['goal']['kind'] } })}
          />
          {goal.kind === 'segment' && (
            <Select
              label={t('edit.segment')}
              searchable
              data={words.segments}
              value={goal.segment_id ? String(goal.segment_id) : null}
              onChange={(id) => set({ goal: { ...goal, segment_id: Number(id) || undefined } })}
            />
          )}
          <div className={styles.pair}>
            <TextInput
              label={t('journey.quietFrom')}
              placeholder="21:00"
              value={graph.quiet_from ?? ''}
              onChange={(event) => set({ quiet_from: event.currentTarget.value || undefined })}
            />
            <TextInput
              label={t('journey.quietTo')}
              placeholder="08:00"
              value={graph.quiet_to ?? ''}
              onChange={(event) => set({ quiet_to: event.currentTarget.value || undefined })}
            />
          </div>
          <div className={styles.pair}>
            <NumberInput
              label={t('journey.control')}
              min={0}
              max={90}
              value={graph.control_share / POINTS}
              onChange={(share) => set({ control_share: Math.round(Number(share || 0) * POINTS) })}
              rightSection={<span className="dim">%</span>}
            />
            <MoneyInput
              label={t('edit.costThousand')}
              value={graph.message_cost ?? 0}
              currency={company.currency}
              onChange={(cost) => set({ message_cost: cost || undefined })}
            />
          </div>
        </fieldset>
      </Panel>
    </>
  );
}
