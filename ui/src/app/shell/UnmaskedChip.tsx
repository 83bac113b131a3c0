// SPDX-License-Identifier: Apache-2.0
import { Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maskAgain, sessionQuery, useSession } from '../session';
import classes from './UnmaskedChip.module.css';

const MINUTE = 60_000;

/** Reminds that personal values are shown in clear, for how long, and masks them again at a click. */
export function UnmaskedChip() {
  const { t } = useTranslation('app');
  const queries = useQueryClient();
  const { unmask_until: until, unmask_purpose: purpose } = useSession();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!until) return undefined;
    const timer = setInterval(() => setNow(Date.now()), MINUTE / 4);
    return () => clearInterval(timer);
  }, [until]);
  const left = until ? Math.round((new Date(until).getTime() - now) / MINUTE) : 0;
  useEffect(() => {
    if (until && left < 0) void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, [left, until, queries]);
  if (!until || left < 0) return null;
  return (
    <Tooltip label={t('unmask.hint', { purpose: purpose ?? '' })}>
      <button type="button" className={classes.chip} onClick={() => void maskAgain(queries)}>
        <Eye size={14} aria-hidden />
        <span>{t('unmask.left', { count: left })}</span>
      </button>
    </Tooltip>
  );
}
