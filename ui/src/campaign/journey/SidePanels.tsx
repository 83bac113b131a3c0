// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FlaskConical, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { Ago, useFormat } from '@/shared/format';
import { Facts, Panel, Query, Status } from '@/shared/page';
import { runsQuery, type Journey, type Run, type Simulation } from './api';
import styles from './Journey.module.css';

/** What the drawing would have done on the data of last month. */
export function SimulationPanel({ simulation, onClose }: { simulation: Simulation; onClose: () => void }) {
  const { t } = useTranslation('campaign');
  const { number, money, date } = useFormat();
  const { company } = useSession();
  const refused = Object.values(simulation.steps).flatMap((step) => Object.entries(step.no ?? {}));
  const reasons = new Map<string, number>();
  for (const [reason, n] of refused) reasons.set(reason, (reasons.get(reason) ?? 0) + n);
  return (
    <Panel
      title={t('journey.simulated')}
      aside={`${date(simulation.from)} – ${date(simulation.to)}`}
      actions={
        <Button size="compact-sm" variant="subtle" leftSection={<X size={13} />} onClick={onClose}>
          {t('journey.closeSimulation')}
        </Button>
      }
    >
      <Facts
        labelWidth={120}
        facts={[
          { label: t('journey.sim.entered'), value: t('journey.peopleOf', { shown: number(simulation.entered) }) },
          { label: t('journey.sim.control'), value: t('journey.peopleOf', { shown: number(simulation.control) }) },
          { label: t('journey.sim.mails'), value: number(simulation.mails) },
          { label: t('journey.sim.cost'), value: money(simulation.cost, company.currency) },
          { label: t('journey.sim.goal'), value: t('journey.peopleOf', { shown: number(simulation.goal) }) },
          { label: t('journey.sim.done'), value: t('journey.peopleOf', { shown: number(simulation.done) }) },
          { label: t('journey.sim.waiting'), value: t('journey.peopleOf', { shown: number(simulation.waiting) }) },
          ...[...reasons].map(([reason, n]) => ({
            label: t(`reason.${reason}` as 'reason.no_consent'),
            value: t('journey.wouldNot', { shown: number(n) }),
          })),
        ]}
      />
      <ul className={styles.remarks}>
        {simulation.remarks.map((code) => (
          <li key={code}>{t(`journey.remark.${code}` as 'journey.remark.clicks_assumed')}</li>
        ))}
        <li>{t('journey.remark.nothing_sent')}</li>
      </ul>
    </Panel>
  );
}

const tones = {
  active: 'cyan',
  done: 'grey',
  goal: 'teal',
  control: 'violet',
  merged: 'grey',
  gone: 'grey',
  cancelled: 'grey',
} as const;

function Way({ run }: { run: Run }) {
  const { t } = useTranslation('campaign');
  const { dateTime } = useFormat();
  return (
    <li className={styles.run}>
      <span>
        <Link to="/customers/$id" params={{ id: String(run.customer_id) }}>
          {run.name || `#${run.customer_id}`}
        </Link>{' '}
        <Status tone={tones[run.state]}>{t(`journey.runState.${run.state}`)}</Status>
      </span>
      <small className="dim">
        <Ago at={run.entered_at} /> · {run.visits.map((visit) => visit.title).join(' → ') || t('journey.noSteps')}
        {run.due_at && ` · ${t('journey.nextAt', { at: dateTime(run.due_at) })}`}
      </small>
    </li>
  );
}

/** Who came in lately and how far they are. */
export function RunsPanel({ journey }: { journey: Journey }) {
  const { t } = useTranslation('campaign');
  const result = useQuery(runsQuery(journey.id));
  return (
    <Panel title={t('journey.latest')}>
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="dim">{t('journey.nobodyYet')}</p>
          ) : (
            <ul className={styles.runs}>
              {items.map((run) => (
                <Way key={run.id} run={run} />
              ))}
            </ul>
          )
        }
      </Query>
    </Panel>
  );
}

/** What still has to be mended before the journey can start. */
export function ProblemsPanel({ journey, onChoose }: { journey: Journey; onChoose: (id: string) => void }) {
  const { t } = useTranslation('campaign');
  if (journey.problems.length === 0) return null;
  return (
    <Panel title={t('journey.problems')}>
      <ul className={styles.remarks}>
        {journey.problems.map((problem) => (
          <li key={`${problem.step} ${problem.code}`}>
            <button type="button" className={styles.link} onClick={() => onChoose(problem.step ?? '')}>
              {t(`journey.problem.${problem.code}` as 'journey.problem.no_entry')}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The button that simulates. */
export function SimulateButton({
  onClick,
  loading,
  disabled,
}: {
  onClick: () => void;
  loading: boolean;
  disabled: boolean;
}) {
  const { t } = useTranslation('campaign');
  return (
    <Button
      variant="default"
      leftSection={<FlaskConical size={14} />}
      loading={loading}
      disabled={disabled}
      onClick={onClick}
    >
      {t('journey.simulate')}
    </Button>
  );
}
