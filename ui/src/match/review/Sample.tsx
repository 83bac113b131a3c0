// SPDX-License-Identifier: Apache-2.0
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '@/app/queries';
import { difference } from '../diff';
import { pairQuery, type Pair } from '../api';
import { Diff } from './Diff';
import classes from './Review.module.css';

/** A few pairs in short, to look at before all like them are decided; dialogs stand outside the page's providers. */
export function Sample({ pairs }: { pairs: Pair[] }) {
  const { t } = useTranslation('match');
  return (
    <QueryClientProvider client={queries}>
      <p className="dim" style={{ marginTop: 0 }}>
        {t('patterns.sample', { n: pairs.length })}
      </p>
      <ul style={{ margin: 0, paddingInlineStart: 18, display: 'grid', gap: 6 }}>
        {pairs.map((pair) => (
          <Line key={pair.id} id={pair.id} />
        ))}
      </ul>
    </QueryClientProvider>
  );
}

function Line({ id }: { id: number }) {
  const { data } = useQuery(pairQuery(id));
  if (!data) return <li>…</li>;
  return (
    <li>
      <span className={classes.sample}>
        {(data.steps ?? [])
          .filter((step) => step.level > 0)
          .slice(0, 4)
          .map((step) => {
            const [left, right] = difference(step.left ?? '', step.right ?? '');
            return (
              <span key={step.field}>
                <Diff pieces={left} />
                {step.left !== step.right && (
                  <>
                    {' / '}
                    <Diff pieces={right} />
                  </>
                )}
              </span>
            );
          })}
      </span>
    </li>
  );
}
