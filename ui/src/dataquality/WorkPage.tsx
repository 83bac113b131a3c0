// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, CircleCheck } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useShortcuts } from '@/app/shortcuts';
import { EmptyState, Keys, Loading, Page, tellUndo } from '@/shared/page';
import { MaskToggle } from '@/customer/list/MaskToggle';
import { closeIssue, nextIssue, qualityKey, reopenIssue, type Issue, type Outcome } from './api';
import { WorkIssue } from './WorkIssue';
import classes from './Quality.module.css';

/** One record after the other: mend it in place, Enter saves and takes the next; nobody else gets the same one. */
export function WorkPage() {
  const { t } = useTranslation('dataquality');
  const ask = useSearch({ from: '/shell/quality/work' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [issue, setIssue] = useState<Issue | null>();
  const [done, setDone] = useState(0);
  const key = JSON.stringify(ask);
  const { mutate: take, isPending: taking } = useMutation({
    mutationFn: (after?: number) => nextIssue(JSON.parse(key), after),
    onSuccess: ({ issue: next }) => setIssue(next ?? null),
    onError: () => setIssue(null),
  });
  useEffect(() => take(undefined), [take, key]);
  const close = useMutation({
    mutationFn: ({ outcome }: { outcome: Outcome }) => closeIssue(issue?.id ?? 0, outcome),
    onSuccess: (_, { outcome }) => {
      const closed = issue?.id ?? 0;
      if (outcome !== 'later') {
        setDone((n) => n + 1);
        tellUndo(t(`closed.${outcome}`), async () => {
          await reopenIssue(closed);
          setDone((n) => n - 1);
          take(closed - 1);
        });
      }
      void queries.invalidateQueries({ queryKey: qualityKey });
      take(closed);
    },
  });
  const { mutate: end } = close;
  const finish = useCallback((outcome: Outcome) => end({ outcome }), [end]);
  const back = () => void navigate({ to: '/quality', search: { tab: 'worklists' } });
  useShortcuts(t('work'), [
    { keys: 'n', label: t('key.next'), run: () => issue && take(issue.id) },
    { keys: 'l', label: t('key.later'), run: () => issue && finish('later') },
    { keys: 'y', label: t('key.right'), run: () => issue && finish('right') },
    {
      keys: 'o',
      label: t('key.open'),
      run: () => issue && void navigate({ to: '/customers/$id', params: { id: String(issue.customer_id) } }),
    },
    { keys: 'u', label: t('back'), run: back },
  ]);
  const title = translate(`dataquality:kind.${ask.kind ?? ''}`, t('work'));
  return (
    <Page
      title={title}
      aside={done > 0 ? t('doneHere', { count: done }) : undefined}
      before={
        <ActionIcon onClick={back} aria-label={t('back')} title={t('back')}>
          <ArrowLeft size={17} />
        </ActionIcon>
      }
      actions={<MaskToggle />}
    >
      {(issue === undefined || (taking && !issue)) && <Loading />}
      {issue === null && !taking && (
        <EmptyState icon={CircleCheck} title={t('allDone')} text={t('allDoneText')}>
          <Button onClick={back}>{t('back')}</Button>
        </EmptyState>
      )}
      {issue && (
        <>
          <WorkIssue
            key={issue.id}
            issue={issue}
            busy={close.isPending || taking}
            onClose={finish}
            onSkip={() => take(issue.id)}
          />
          <p className="dim" style={{ marginTop: 14 }}>
            <span className={classes.buttons} style={{ fontSize: 12, alignItems: 'center' }}>
              <Keys keys="enter" /> {t('key.save')} <Keys keys="esc" /> {t('key.leave')} <Keys keys="y" />{' '}
              {t('key.right')} <Keys keys="n" /> {t('key.next')} <Keys keys="l" /> {t('key.later')}
            </span>
          </p>
        </>
      )}
    </Page>
  );
}
