// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { BellRing, Download, Link } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { askPurpose, tell } from '@/shared/page';
import type { CubeQuery, PivotSettings } from './api';
import { SavedPivots } from './SavedPivots';
import { newSubscription, SubscribeDialog } from './subscription/SubscribeDialog';

interface PivotActionsProps {
  query: CubeQuery;
  asked: CubeQuery;
  settings: PivotSettings;
  saved: number | undefined;
}

const formats = { xlsx: 'Excel (.xlsx)', csv: 'CSV (UTF-8)', parquet: 'Parquet', arrow: 'Arrow' } as const;

/** What can be done with the whole pivot: save, share by link, export. */
export function PivotActions({ query, asked, settings, saved }: PivotActionsProps) {
  const { t } = useTranslation('cube');
  const can = useCan();
  const navigate = useNavigate();
  const [subscribing, setSubscribing] = useState(false);
  const save = async (format: keyof typeof formats) => {
    const purpose = await askPurpose('export');
    if (!purpose) return;
    await download('/api/cube/export', {
      method: 'POST',
      query: { format },
      body: { query: asked, purpose },
      name: `pivot.${format}`,
    }).catch(tellFault);
  };
  const share = () =>
    navigator.clipboard
      .writeText(window.location.href)
      .then(() => tell(t('linkCopied')))
      .catch(() => tell(window.location.href));
  return (
    <>
      <SavedPivots
        query={query}
        settings={settings}
        saved={saved}
        onOpen={(pivot) =>
          void navigate({
            to: '/pivot',
            search: pivot ? { q: pivot.query, shape: 'table', ...pivot.settings, saved: pivot.id } : {},
          })
        }
      />
      <Button variant="default" leftSection={<Link size={14} />} onClick={() => void share()} visibleFrom="sm">
        {t('link')}
      </Button>
      {saved !== undefined && (
        <Button
          variant="default"
          leftSection={<BellRing size={14} />}
          onClick={() => setSubscribing(true)}
          visibleFrom="sm"
        >
          {t('subscription.subscribe')}
        </Button>
      )}
      {subscribing && (
        <SubscribeDialog draft={newSubscription({ pivot_id: saved })} onClose={() => setSubscribing(false)} />
      )}
      {can('cube:export') && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<Download size={14} />}>
              {t('export')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(Object.keys(formats) as (keyof typeof formats)[]).map((format) => (
              <Menu.Item key={format} onClick={() => void save(format)}>
                {formats[format]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
