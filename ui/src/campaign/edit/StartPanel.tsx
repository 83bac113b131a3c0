// SPDX-License-Identifier: Apache-2.0
import { Button, SegmentedControl } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import dayjs from 'dayjs';
import { CalendarClock, CalendarX, Rocket } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Remark } from '@/app/preview';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, Panel } from '@/shared/page';
import { scheduleCampaign, stepCampaign, unscheduleCampaign, type Campaign } from '../api';
import styles from './Edit.module.css';

type When = 'now' | 'later';

/** A start that is set already, with the way to take it back. */
function Scheduled({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { dateTime } = useFormat();
  const queries = useQueryClient();
  const takeBack = useMutation({
    mutationFn: () => unscheduleCampaign(campaign.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  return (
    <div className={styles.form}>
      <p className={styles.scheduled}>
        <CalendarClock size={16} aria-hidden />
        {t('start.scheduled', { at: dateTime(campaign.start_at) })}
      </p>
      <Button
        variant="default"
        leftSection={<CalendarX size={14} />}
        loading={takeBack.isPending}
        onClick={() => takeBack.mutate()}
      >
        {t('start.unschedule')}
      </Button>
    </div>
  );
}

function Choose({ campaign, remarks }: { campaign: Campaign; remarks: Remark[] }) {
  const { t } = useTranslation('campaign');
  const { number, dateTime } = useFormat();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [when, setWhen] = useState<When>('now');
  const [at, setAt] = useState<string | null>(null);
  const { planned } = campaign.counts;
  const isWaiting = campaign.needs_approval && campaign.approval !== 'approved';
  const blocked = planned === 0 || isWaiting || remarks.some((remark) => remark.severity === 'error');
  const startAt = when === 'later' && at ? dayjs(at).toISOString() : undefined;
  const start = useMutation({
    mutationFn: () => (startAt ? scheduleCampaign(campaign.id, startAt) : stepCampaign(campaign.id, 'start')),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['campaigns'] });
      if (!startAt) await navigate({ to: '/campaigns/$id', params: { id: String(campaign.id) } });
    },
  });
  const ask = async () => {
    const values = { count: planned, shown: number(planned), at: dateTime(startAt) };
    const sure = await confirm({
      title: t(startAt ? 'start.askLater' : 'start.askNow', values),
      text: t('start.text'),
      action: t(startAt ? 'start.later' : 'start.now'),
    });
    if (sure) start.mutate();
  };
  return (
    <div className={styles.form}>
      <SegmentedControl
        fullWidth
        aria-label={t('start.title')}
        value={when}
        onChange={(value) => setWhen(value as When)}
        data={(['now', 'later'] as const).map((value) => ({ value, label: t(`start.${value}Tab`) }))}
      />
      {when === 'later' && (
        <DateTimePicker
          label={t('start.at')}
          valueFormat="YYYY-MM-DD HH:mm"
          minDate={new Date()}
          value={at}
          onChange={setAt}
          required
        />
      )}
      <Button
        leftSection={when === 'now' ? <Rocket size={14} /> : <CalendarClock size={14} />}
        disabled={blocked || (when === 'later' && !at)}
        loading={start.isPending}
        onClick={() => void ask()}
      >
        {t(when === 'now' ? 'start.now' : 'start.later')}
      </Button>
      {blocked && (
        <p className="dim" style={{ margin: 0 }}>
          {t(planned === 0 ? 'start.nobody' : isWaiting ? 'start.approval' : 'start.mend')}
        </p>
      )}
    </div>
  );
}

/** Starts the campaign now or at a chosen time, after one last question. */
export function StartPanel({ campaign, remarks }: { campaign: Campaign; remarks: Remark[] }) {
  const { t } = useTranslation('campaign');
  const can = useCan();
  if (!can('campaign:send')) return <p className="dim">{t('start.noRight')}</p>;
  return (
    <Panel title={t('start.title')}>
      {campaign.start_at ? <Scheduled campaign={campaign} /> : <Choose campaign={campaign} remarks={remarks} />}
    </Panel>
  );
}
