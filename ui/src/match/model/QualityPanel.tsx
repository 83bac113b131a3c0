// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable, Stat } from '@/shared/page';
import { qualityQuery, type Quality } from '../api';
import runClasses from '../run/Run.module.css';

/** Precision and recall as people's decisions show them, with how sure that is. */
export function QualityPanel() {
  const { t } = useTranslation('match');
  const result = useQuery(qualityQuery());
  return (
    <Panel title={t('quality.title')} aside={t('quality.about')}>
      <Query result={result} lines={2}>
        {(quality) => <Body quality={quality} />}
      </Query>
    </Panel>
  );
}

function Body({ quality }: { quality: Quality }) {
  const { t } = useTranslation('match');
  const { number, percent } = useFormat();
  if (quality.decisions === 0) {
    return (
      <p className="dim" style={{ margin: 0 }}>
        {t('quality.none')}
      </p>
    );
  }
  const range = (e: Quality['precision']) => t('quality.range', { low: percent(e.low, 1), high: percent(e.high, 1) });
  const decided = quality.strata.filter((stratum) => stratum.decided > 0);
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      <div className={runClasses.stats}>
        <Stat
          label={t('figure.precision')}
          value={percent(quality.precision.value, 2)}
          note={range(quality.precision)}
        />
        <Stat label={t('figure.recall')} value={percent(quality.recall.value, 1)} note={range(quality.recall)} />
        <Stat
          label={t('quality.decisions')}
          value={number(quality.decisions)}
          note={t('quality.same', { n: number(quality.same) })}
        />
      </div>
      <SimpleTable
        label={t('quality.strata')}
        rows={decided}
        rowKey={(stratum) => stratum.from}
        columns={[
          {
            id: 'band',
            header: t('quality.band'),
            cell: (s) => <span className="num">{`${number(s.from, 1)} … ${number(s.to, 1)}`}</span>,
          },
          {
            id: 'pairs',
            header: t('quality.pairs'),
            align: 'end',
            cell: (s) => <span className="num">{number(s.pairs)}</span>,
          },
          {
            id: 'expected',
            header: t('quality.expected'),
            align: 'end',
            cell: (s) => <span className="num">{percent(s.expected / s.pairs, 1)}</span>,
          },
          {
            id: 'found',
            header: t('quality.found'),
            align: 'end',
            cell: (s) => (
              <span className="num">{t('quality.ofDecided', { same: number(s.same), n: number(s.decided) })}</span>
            ),
          },
        ]}
      />
    </div>
  );
}
