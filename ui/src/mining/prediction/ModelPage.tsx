// SPDX-License-Identifier: Apache-2.0
import { Alert, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useLabel as useText } from '@/app/label';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Page, Panel, Query, SimpleTable, Stat, tell } from '@/shared/page';
import classes from '../Finding.module.css';
import { startRun } from '../run';
import { discard, modelQuery, promote, type ModelInUse } from './api';
import { Card } from './Card';
import { ModelActions } from './ModelActions';
import { Monitors } from './Monitors';
import styles from './Prediction.module.css';

/** One model in use: does it still fit, who challenges it, what it is. */
export function ModelPage() {
  const { t } = useTranslation('mining');
  const { event } = useParams({ from: '/shell/models/$event' });
  const model = useQuery(modelQuery(event));
  const text = useText();
  return (
    <Page
      title={model.data ? text(model.data.champion.target) : t('models.title')}
      actions={model.data && <ModelActions model={model.data} />}
    >
      <Query result={model}>{(m) => <Body model={m} />}</Query>
    </Page>
  );
}

function Body({ model }: { model: ModelInUse }) {
  const { t } = useTranslation('mining');
  const { number, percent, dateTime, date } = useFormat();
  const { champion, latest } = model;
  return (
    <div className={classes.stack}>
      {latest?.should_retrain && <Retrain model={model} />}
      <div className={classes.stats}>
        <Stat
          label={t('models.aucThen')}
          value={number(champion.test.auc, 3)}
          note={`${number(champion.test.auc_low, 3)} – ${number(champion.test.auc_high, 3)}`}
        />
        <Stat
          label={t('models.aucNow')}
          value={latest?.past?.auc === undefined ? '–' : number(latest.past.auc, 3)}
          note={latest?.seen_from && `${date(latest.seen_from)} – ${date(latest.scored_on)}`}
        />
        <Stat
          label={t('models.psi')}
          value={latest ? number(latest.now.score.psi, 3) : '–'}
          note={t('models.psiNote')}
        />
        <Stat
          label={t('models.rate')}
          value={latest?.past?.rate_seen === undefined ? '–' : percent(latest.past.rate_seen, 1)}
          note={latest?.past && t('models.rateNote', { predicted: percent(latest.past.mean_score, 1) })}
        />
        <Stat
          label={t('models.scored')}
          value={latest ? number(latest.scored) : '–'}
          note={model.scored_at && dateTime(model.scored_at)}
        />
      </div>
      {model.challenger && <Rivals model={model} />}
      <Monitors model={model} />
      <Card card={champion} />
    </div>
  );
}

function Retrain({ model }: { model: ModelInUse }) {
  const { t } = useTranslation('mining');
  const can = useCan();
  const again = useMutation({
    mutationFn: () => startRun('prediction', { ...model.settings, deploy: true }),
    onError: tellFault,
    onSuccess: () => tell(t('models.retraining')),
  });
  return (
    <Alert color="amber" title={t('models.driftTitle')}>
      <ul className={styles.list}>
        {model.latest?.reasons.map((r) => (
          <li key={r}>{t(`models.reasons.${r}` as 'models.reasons.scores_moved')}</li>
        ))}
      </ul>
      {can('mining:update') && (
        <div className={styles.actions}>
          <Button loading={again.isPending} disabled={again.isSuccess} onClick={() => again.mutate()}>
            {t('models.retrain')}
          </Button>
          {again.isSuccess && (
            <Link to="/prediction" search={{ run: again.data.id } as never}>
              {t('models.seeRun')}
            </Link>
          )}
        </div>
      )}
    </Alert>
  );
}

/** Champion and challenger on the same customers. */
function Rivals({ model }: { model: ModelInUse }) {
  const { t } = useTranslation('mining');
  const { number, date } = useFormat();
  const can = useCan();
  const cache = useQueryClient();
  const done = () => void cache.invalidateQueries({ queryKey: ['mining-models'] });
  const decide = useMutation({
    mutationFn: (isWinner: boolean) => (isWinner ? promote(model.event) : discard(model.event)),
    onError: tellFault,
    onSuccess: (_, isWinner) => {
      tell(t(isWinner ? 'models.promoted' : 'models.discarded'));
      done();
    },
  });
  const { compared } = model;
  const verdict =
    compared === undefined
      ? 'waiting'
      : compared.difference_low > 0
        ? 'better'
        : compared.difference_high < 0
          ? 'worse'
          : 'alike';
  const rows = [
    { who: 'champion' as const, card: model.champion, auc: compared?.champion_auc },
    ...(model.challenger
      ? [{ who: 'challenger' as const, card: model.challenger, auc: compared?.challenger_auc }]
      : []),
  ];
  return (
    <Panel title={t('models.rivals')}>
      <p className={styles.note}>
        {t(`models.verdicts.${verdict}`, {
          difference: number(compared?.difference ?? 0, 4),
          low: number(compared?.difference_low ?? 0, 4),
          high: number(compared?.difference_high ?? 0, 4),
          n: number(compared?.rows ?? 0),
        })}
      </p>
      <SimpleTable
        label={t('models.rivals')}
        rows={rows}
        rowKey={(row) => row.who}
        columns={[
          { id: 'w', header: '', cell: (row) => <strong>{t(`models.${row.who}`)}</strong> },
          {
            id: 'm',
            header: t('finding.prediction.model'),
            cell: (row) => t(`finding.models.${row.card.model}` as 'finding.models.boost'),
          },
          { id: 'd', header: t('models.learnedOn'), cell: (row) => date(row.card.learned_on) },
          { id: 'n', header: t('models.rows'), align: 'end', cell: (row) => number(row.card.rows_learned) },
          {
            id: 'a',
            header: t('models.sameTest'),
            align: 'end',
            cell: (row) => (row.auc === undefined ? '–' : number(row.auc, 4)),
          },
        ]}
      />
      {can('mining:update') && (
        <div className={styles.actions}>
          <Button loading={decide.isPending} onClick={() => decide.mutate(true)}>
            {t('models.promote')}
          </Button>
          <Button variant="default" disabled={decide.isPending} onClick={() => decide.mutate(false)}>
            {t('models.discard')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
