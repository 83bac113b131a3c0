// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { Panel } from '@/shared/page';
import type { Scores } from './api';
import classes from './Quality.module.css';

const dimensions = ['all', 'completeness', 'validity', 'consistency', 'freshness', 'uniqueness'] as const;
type Chosen = (typeof dimensions)[number];

/** Sources by fields: the paler, the worse; a cell leads to its people. */
export function Matrix({ scores }: { scores: Scores }) {
  const { t } = useTranslation('dataquality');
  const [chosen, setChosen] = useState<Chosen>('all');
  const fields = [...new Set(scores.matrix.map((cell) => cell.field))].sort((a, b) =>
    a === '*' ? 1 : b === '*' ? -1 : 0,
  );
  const value = (source: number, field: string) => {
    const cell = scores.matrix.find((one) => one.source_id === source && one.field === field);
    if (!cell) return undefined;
    return chosen === 'all' ? cell.score : cell.rates.find((rate) => rate.dimension === chosen)?.percent;
  };
  return (
    <Panel
      title={t('matrix')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('dimensionLabel')}
          value={chosen}
          onChange={(next) => setChosen(next as Chosen)}
          data={dimensions.map((one) => ({ value: one, label: t(`dimension.${one}`) }))}
        />
      }
      flush
    >
      <div className={classes.matrixWrap}>
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th scope="col">{t('source')}</th>
              {fields.map((field) => (
                <th key={field} scope="col">
                  {field === '*' ? t('record') : translate(`customer:field.${field}`, field)}
                </th>
              ))}
              <th scope="col">{t('score')}</th>
            </tr>
          </thead>
          <tbody>
            {scores.sources.map((source) => (
              <tr key={source.source_id}>
                <th scope="row">
                  {source.name}
                  <small className="dim"> {source.department}</small>
                </th>
                {fields.map((field) => {
                  const share = value(source.source_id ?? 0, field);
                  return (
                    <td key={field}>
                      {share === undefined ? (
                        <span className="dim">–</span>
                      ) : (
                        <Link
                          to="/quality/issues"
                          search={{ source_id: source.source_id, ...(field === '*' ? {} : { field }) }}
                          className={classes.cell}
                          style={{ '--heat': `${Math.max(0, (share - 50) * 2)}%` } as CSSProperties}
                        >
                          {share.toFixed(1)}
                        </Link>
                      )}
                    </td>
                  );
                })}
                <td className="num">{source.score.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
