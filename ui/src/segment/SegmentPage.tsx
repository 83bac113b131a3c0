// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import { useCan } from '@/app/session';
import { addAt, completeRules, isGroup, type GroupRule, type Rule } from '@/shared/filter';
import { ErrorState, Loading, Page, tell, ViewTabs } from '@/shared/page';
import { previewQuery, saveSegment, segmentQuery, type Segment } from './api';
import { BuildTab } from './BuildTab';
import { HistoryTab } from './HistoryTab';
import { MembersTab } from './MembersTab';
import { OverlapTab } from './OverlapTab';
import { ProfileTab } from './ProfileTab';
import { SegmentActions } from './SegmentActions';
import { StateLine } from './StateLine';
import { useSegmentCatalogue } from './useSegmentCatalogue';
import classes from './Segment.module.css';

const nothing: GroupRule = { op: 'and', rules: [] };

/** The builder edits a group; a segment may be a single rule. */
const asGroup = (rules: Rule | undefined): GroupRule =>
  rules === undefined ? nothing : isGroup(rules) ? rules : { op: 'and', rules: [rules] };

/** One segment: its rules, and who they find while they are edited. */
export function SegmentPage() {
  const { id } = useParams({ from: '/shell/segments/$id' });
  const handed = useSearch({ from: '/shell/segments/$id' });
  const number = Number(id);
  // The state of the evaluation follows the data while the page is open.
  const loaded = useQuery({ ...segmentQuery(number), refetchInterval: 10_000 });
  if (number > 0 && loaded.isError) return <ErrorState fault={loaded.error} onRetry={() => void loaded.refetch()} />;
  if (number > 0 && !loaded.data) return <Loading />;
  const start: Partial<Segment> = loaded.data ?? { name: handed.name, rules: handed.rules };
  return <SegmentEditor key={`${id}.${start.version ?? 0}`} id={number} start={start} saved={loaded.data} />;
}

const tabs = ['build', 'members', 'profile', 'overlap', 'history'] as const;
type Tab = (typeof tabs)[number];
const ofSaved: readonly Tab[] = ['members', 'history'];

function SegmentEditor({ id, start, saved }: { id: number; start: Partial<Segment>; saved: Segment | undefined }) {
  const { t } = useTranslation('segment');
  const can = useCan();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { tab: chosen } = useSearch({ from: '/shell/segments/$id' });
  const { catalogue, fault } = useSegmentCatalogue();
  const [name, setName] = useState(start.name ?? '');
  const [description, setDescription] = useState(start.description ?? '');
  const [rules, setRules] = useState<GroupRule>(() => asGroup(start.rules));
  const [asked] = useDebouncedValue(rules, 150);
  const untouched = id > 0 && JSON.stringify(asked) === JSON.stringify(asGroup(start.rules));
  // Who may not see what a saved segment asks in clear may still see whom it finds.
  const found: GroupRule = untouched ? { op: 'and', rules: [{ segment: id }] } : asked;
  const preview = useQuery(previewQuery(completeRules(found)));
  const mayChange = can(id > 0 ? 'segment:update' : 'segment:create');
  const changed =
    name !== (start.name ?? '') ||
    description !== (start.description ?? '') ||
    JSON.stringify(rules) !== JSON.stringify(asGroup(start.rules));
  const tab: Tab = tabs.find((one) => one === chosen && (saved || !ofSaved.includes(one))) ?? 'build';
  const show = (next: string) =>
    void navigate({
      to: '/segments/$id',
      params: { id: String(id) },
      search: (before) => ({ ...before, tab: next === 'build' ? undefined : next }),
      replace: true,
    });

  const save = useMutation({
    mutationFn: () =>
      saveSegment(id, { name: name.trim(), description: description.trim(), rules, version: start.version }),
    onSuccess: async (done) => {
      tell(t('saved'));
      cache.setQueryData(segmentQuery(done.id).queryKey, done);
      await cache.invalidateQueries({ queryKey: ['segments'] });
      if (id === 0) await navigate({ to: '/segments/$id', params: { id: String(done.id) }, replace: true });
    },
  });
  const others = catalogue && { ...catalogue, segments: catalogue.segments.filter((s) => s.id !== id) };

  return (
    <Page
      title={id > 0 ? (start.name ?? '') : t('new')}
      before={
        <ActionIcon component={Link} to="/segments" size={28} aria-label={t('back')}>
          <ArrowLeft size={16} />
        </ActionIcon>
      }
      actions={
        <>
          {id > 0 && (
            <SegmentActions id={id} name={start.name ?? ''} filter={{ op: 'and', rules: [{ segment: id }] }} />
          )}
          {mayChange && (
            <Button loading={save.isPending} disabled={!changed || !name.trim()} onClick={() => save.mutate()}>
              {t('save')}
            </Button>
          )}
        </>
      }
      bar={
        <ViewTabs
          label={t('tab.label')}
          value={tab}
          onChange={show}
          tabs={tabs
            .filter((one) => saved || !ofSaved.includes(one))
            .map((one) => ({ id: one, label: t(`tab.${one}`), changed: one === 'build' && changed }))}
        />
      }
    >
      <div className={classes.main}>
        {saved && <StateLine segment={saved} />}
        {save.error && (
          <div role="alert" className={classes.problem}>
            {faultText(save.error)}
          </div>
        )}
        {fault ? (
          <ErrorState fault={fault} />
        ) : !others ? (
          <Loading lines={3} />
        ) : tab === 'build' ? (
          <BuildTab
            catalogue={others}
            name={name}
            setName={setName}
            description={description}
            setDescription={setDescription}
            rules={rules}
            setRules={setRules}
            readOnly={!mayChange}
            isNew={id === 0}
            preview={preview}
          />
        ) : tab === 'profile' ? (
          <ProfileTab
            rules={completeRules(found)}
            catalogue={others}
            onAdd={
              mayChange
                ? (rule) => {
                    setRules(rules.op === 'and' ? addAt(rules, [], rule) : { op: 'and', rules: [rules, rule] });
                    show('build');
                  }
                : undefined
            }
          />
        ) : tab === 'overlap' ? (
          <OverlapTab rules={completeRules(found)} catalogue={others} name={name} />
        ) : (
          saved && (tab === 'members' ? <MembersTab segment={saved} catalogue={others} /> : <HistoryTab id={id} />)
        )}
      </div>
    </Page>
  );
}
