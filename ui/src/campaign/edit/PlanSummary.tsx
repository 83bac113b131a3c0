// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Facts, Status } from '@/shared/page';
import { segmentsQuery, templatesQuery, type Campaign } from '../api';

const THOUSAND = 1000;
const POINTS = 10_000;

/** What the campaign will cost to send, as far as it is known: planned messages at the cost of a thousand. */
export const sendingCost = (campaign: Campaign) =>
  Math.round((campaign.counts.treatment * campaign.message_cost) / THOUSAND);

/** What was decided, in short. */
export function PlanSummary({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { money, percent } = useFormat();
  const { data: segments } = useQuery(segmentsQuery);
  const { data: templates } = useQuery(templatesQuery);
  const segment = segments?.items.find((s) => s.id === campaign.segment_id)?.name ?? `#${campaign.segment_id}`;
  const template = templates?.items.find((s) => s.id === campaign.template_id)?.name ?? `#${campaign.template_id}`;
  const cost = sendingCost(campaign);
  const isOver = campaign.budget !== undefined && cost > campaign.budget;
  return (
    <Facts
      labelWidth={96}
      facts={[
        ...(campaign.goal ? [{ label: t('edit.goal'), value: campaign.goal }] : []),
        {
          label: t('edit.segment'),
          value: (
            <Link to="/segments/$id" params={{ id: String(campaign.segment_id) }}>
              {segment}
            </Link>
          ),
        },
        {
          label: t('edit.template'),
          value: (
            <Link to="/templates/$id" params={{ id: String(campaign.template_id) }}>
              {template}
            </Link>
          ),
        },
        { label: t('arm.control'), value: percent(campaign.control_share / POINTS, 0) },
        { label: t('edit.windowShort'), value: t('daysCount', { count: campaign.window_days }) },
        ...(campaign.message_cost > 0
          ? [
              {
                label: t('edit.cost'),
                value: (
                  <>
                    {money(cost, campaign.currency)} {isOver && <Status tone="red">{t('edit.overBudget')}</Status>}
                  </>
                ),
              },
            ]
          : []),
        ...(campaign.budget ? [{ label: t('edit.budget'), value: money(campaign.budget, campaign.currency) }] : []),
      ]}
    />
  );
}
