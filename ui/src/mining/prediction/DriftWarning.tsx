// SPDX-License-Identifier: Apache-2.0
import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { modelsQuery } from './api';

/** Models in use that no longer fit, with the way to train them anew. */
export function DriftWarning() {
  const { t } = useTranslation('mining');
  const models = useQuery(modelsQuery);
  const moved = (models.data?.items ?? []).filter((m) => m.latest?.should_retrain);
  if (moved.length === 0) return null;
  return (
    <Alert color="amber" title={t('models.driftTitle')}>
      {moved.map((m) => (
        <div key={m.id}>
          <Link to="/models/$event" params={{ event: m.event }}>
            {t(`finding.prediction.events.${m.event}`)}
          </Link>
          {': '}
          {m.latest?.reasons.map((r) => t(`models.reasons.${r}` as 'models.reasons.scores_moved')).join(' · ')}
        </div>
      ))}
    </Alert>
  );
}
