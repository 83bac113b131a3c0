// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, type SimpleColumn } from '@/shared/page';
import { linksQuery, type TrackedLink } from '../api';
import styles from './Run.module.css';

/** The links of the message and how often people, not machines, followed them. */
export function LinksPanel({ campaignId }: { campaignId: number }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const { data } = useQuery(linksQuery(campaignId));
  if (!data || data.items.length === 0) return null;
  const columns: SimpleColumn<TrackedLink>[] = [
    { id: 'url', header: t('links.url'), cell: (link) => <span className={styles.url}>{link.url}</span> },
    { id: 'people', header: t('links.people'), align: 'end', cell: (link) => number(link.people) },
    { id: 'clicks', header: t('links.clicks'), align: 'end', cell: (link) => number(link.clicks) },
    {
      id: 'machine',
      header: t('links.machine'),
      align: 'end',
      cell: (link) => <span className="dim">{number(link.machine)}</span>,
    },
  ];
  return (
    <Panel title={t('links.title')} aside={t('links.hint')} flush>
      <SimpleTable stack label={t('links.title')} rows={data.items} columns={columns} rowKey={(link) => link.id} />
    </Panel>
  );
}
