// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Menu, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Ellipsis, Megaphone, Table, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { completeRules, isGroup, RuleTree, type GroupRule, type Rule } from '@/shared/filter';
import { confirm, ErrorState, Loading, Page, Panel, tell } from '@/shared/page';
import { deleteSegment, previewQuery, saveSegment, segmentQuery, type Segment } from './api';
import { LiveCount } from './LiveCount';
import { useSegmentCatalogue } from './useSegmentCatalogue';
import classes from './SegmentPage.module.css';

const nothing: GroupRule = { op: 'and', rules: [] };

/** The builder edits a group; a segment may be a single rule. */
const asGroup = (rules: Rule | undefined): GroupRule =>
  rules === undefined ? nothing : isGroup(rules) ? rules : { op: 'and', rules: [rules] };

/** One segment: its rules, and who they find while they are edited. */
export function SegmentPage() {
  const { id } = useParams({ from: '/shell/segments/$id' });
  const handed = useSearch({ from: '/shell/segments/$id' });
  const number = Number(id);
  const loaded = useQuery(segmentQuery(number));
  if (number > 0 && loaded.isError) return <ErrorState fault={loaded.error} onRetry={() => void loaded.refetch()} />;
  if (number > 0 && !loaded.data) return <Loading />;
  const start: Partial<Segment> = loaded.data ?? { name: handed.name, rules: handed.rules };
  return <SegmentEditor key={`${id}.${start.version ?? 0}`} id={number} start={start} />;
}

function SegmentEditor({ id, start }: { id: number; start: Partial<Segment> }) {
  const { t } = useTranslation('segment');
  const can = useCan();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { catalogue, fault } = useSegmentCatalogue();
  const [name, setName] = useState(start.name ?? '');
  const [description, setDescription] = useState(start.description ?? '');
  const [rules, setRules] = useState<GroupRule>(() => asGroup(start.rules));
  const [asked] = useDebouncedValue(rules, 250);
  const untouched = id > 0 && JSON.stringify(asked) === JSON.stringify(asGroup(start.rules));
  // Who may not see what a saved segment asks in clear may still see whom it finds.
  const found: GroupRule = untouched ? { op: 'and', rules: [{ segment: id }] } : asked;
  const preview = useQuery(previewQuery(completeRules(found)));
  const mayChange = can(id > 0 ? 'segment:update' : 'segment:create');
  const changed =
    name !== (start.name ?? '') ||
    description !== (start.description ?? '') ||
    JSON.stringify(rules) !== JSON.stringify(asGroup(start.rules));

  const save = useMutation({
    mutationFn: () =>
      saveSegment(id, { name: name.trim(), description: description.trim(), rules, version: start.version }),
    onSuccess: async (saved) => {
      tell(t('saved'));
      cache.setQueryData(segmentQuery(saved.id).queryKey, saved);
      await cache.invalidateQueries({ queryKey: ['segments'] });
      if (id === 0) await navigate({ to: '/segments/$id', params: { id: String(saved.id) }, replace: true });
    },
  });
  const remove = async () => {
    const sure = await confirm({
      title: t('delete.title', { name }),
      text: t('delete.text'),
      action: t('delete.do'),
      danger: true,
    });
    if (!sure) return;
    await deleteSegment(id);
    await cache.invalidateQueries({ queryKey: ['segments'] });
    await navigate({ to: '/segments' });
  };

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
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon size={30} aria-label={t('more')}>
                  <Ellipsis size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<Table size={14} />}
                  onClick={() => void navigate({ to: '/customers', search: { filter: found } })}
                >
                  {t('show')}
                </Menu.Item>
                {can('campaign:create') && (
                  <Menu.Item
                    leftSection={<Megaphone size={14} />}
                    onClick={() => void navigate({ href: `/campaigns/new?segment=${id}` })}
                  >
                    {t('campaign')}
                  </Menu.Item>
                )}
                {can('segment:delete') && (
                  <Menu.Item color="red" leftSection={<Trash2 size={14} />} onClick={() => void remove()}>
                    {t('delete.do')}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
          {mayChange && (
            <Button loading={save.isPending} disabled={!changed || !name.trim()} onClick={() => save.mutate()}>
              {t('save')}
            </Button>
          )}
        </>
      }
    >
      <div className={classes.split}>
        <div className={classes.main}>
          <Panel>
            <div className={classes.main}>
              <TextInput
                label={t('name')}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                required
                maxLength={100}
                data-autofocus={id === 0 || undefined}
                readOnly={!mayChange}
              />
              <Textarea
                label={t('description')}
                value={description}
                onChange={(event) => setDescription(event.currentTarget.value)}
                autosize
                maxLength={500}
                readOnly={!mayChange}
              />
            </div>
          </Panel>
          <Panel title={t('rules')}>
            {fault ? (
              <ErrorState fault={fault} />
            ) : catalogue ? (
              <RuleTree
                catalogue={{ ...catalogue, segments: catalogue.segments.filter((s) => s.id !== id) }}
                value={rules}
                onChange={setRules}
              />
            ) : (
              <Loading lines={3} />
            )}
          </Panel>
        </div>
        <LiveCount result={preview} />
      </div>
    </Page>
  );
}
