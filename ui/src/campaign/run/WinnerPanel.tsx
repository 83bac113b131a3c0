// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, Panel, Status } from '@/shared/page';
import { chooseWinner, templatesQuery, type Campaign } from '../api';
import styles from './Run.module.css';

const POINTS = 10_000;

/** The messages that are tried against each other, and the decision. */
export function WinnerPanel({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { percent } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const { data: templates } = useQuery(templatesQuery);
  const choose = useMutation({
    mutationFn: (key: string) => chooseWinner(campaign.id, key),
    onSettled: () => queries.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  const { variants = [], test_share: share } = campaign.intent;
  if (variants.length < 2) return null;
  const mayChoose =
    Boolean(share) && !campaign.winner && can('campaign:send') && ['running', 'paused'].includes(campaign.state);
  const ask = async (key: string) => {
    const sure = await confirm({
      title: t('variant.chooseAsk', { key }),
      text: t('variant.chooseText'),
      action: t('variant.choose'),
    });
    if (sure) choose.mutate(key);
  };
  return (
    <Panel
      title={t('variant.title')}
      aside={share ? t('variant.testOf', { share: percent(share / POINTS, 0) }) : t('variant.testAll')}
      actions={
        <Link to="/campaigns/$id/result" params={{ id: String(campaign.id) }}>
          {t('resultLabel')}
        </Link>
      }
    >
      <ul className={styles.variants}>
        {variants.map((variant) => (
          <li key={variant.key}>
            <strong>{variant.key}</strong>
            <span>
              {templates?.items.find((one) => one.id === variant.template_id)?.name ?? `#${variant.template_id}`}
            </span>
            {campaign.winner === variant.key && (
              <Status tone="teal">{t(`variant.how.${campaign.winner_how || 'person'}`)}</Status>
            )}
            {mayChoose && (
              <Button size="compact-sm" variant="default" onClick={() => void ask(variant.key)}>
                {t('variant.choose')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
