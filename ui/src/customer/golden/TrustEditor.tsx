// SPDX-License-Identifier: Apache-2.0
import { NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { Panel, Query } from '@/shared/page';
import type { Rules } from './GoldenRulesPage';
import classes from './Golden.module.css';

/** How far each source is trusted, 0 to 100. */
export function TrustEditor({ rules, onChange }: { rules: Rules; onChange?: (rules: Rules) => void }) {
  const { t } = useTranslation('customer');
  const result = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => api.get('/api/sources', { signal }) });
  return (
    <Panel title={t('golden.trust')} flush>
      <Query result={result}>
        {({ items }) => (
          <ul className={classes.trust}>
            {items.map((source) => (
              <li key={source.id}>
                <span>
                  {source.label}
                  {source.department && <small className="dim"> {source.department}</small>}
                </span>
                <NumberInput
                  aria-label={t('golden.trustOf', { source: source.label })}
                  value={rules.trust[String(source.id)] ?? source.trust}
                  onChange={(value) =>
                    typeof value === 'number' &&
                    onChange?.({ ...rules, trust: { ...rules.trust, [String(source.id)]: value } })
                  }
                  readOnly={!onChange}
                  min={0}
                  max={100}
                  step={5}
                  w={80}
                />
              </li>
            ))}
          </ul>
        )}
      </Query>
    </Panel>
  );
}
