// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, Megaphone, Snowflake, Sparkles, Table, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import { useCan } from '@/app/session';
import type { GroupRule } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { confirm, tell } from '@/shared/page';
import { deleteSegment, freezeSegment } from './api';
import classes from './Segment.module.css';

interface SegmentActionsProps {
  id: number;
  name: string;
  /** The rules as a list filter. */
  filter: GroupRule;
}

/** What can be done with a saved segment: list, campaign, freeze, delete. */
export function SegmentActions({ id, name, filter }: SegmentActionsProps) {
  const { t } = useTranslation('segment');
  const { date } = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [frozen, setFrozen] = useState<string>();
  const freeze = useMutation({
    mutationFn: (as: string) => freezeSegment(id, as.trim()),
    onSuccess: async (saved) => {
      setFrozen(undefined);
      tell(t('freeze.done'));
      await cache.invalidateQueries({ queryKey: ['segments'] });
      await navigate({ to: '/segments/$id', params: { id: String(saved.id) } });
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
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={30} aria-label={t('more')}>
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {can('mining:update') && (
            <Menu.Item
              leftSection={<Sparkles size={14} />}
              onClick={() => void navigate({ to: '/lookalikes', search: { segment: id } as never })}
            >
              {t('lookalike')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<Table size={14} />}
            onClick={() => void navigate({ to: '/customers', search: { filter } })}
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
          {can('segment:create') && (
            <Menu.Item
              leftSection={<Snowflake size={14} />}
              onClick={() => setFrozen(t('freeze.name', { name, on: date(new Date().toISOString()) }))}
            >
              {t('freeze.do')}
            </Menu.Item>
          )}
          {can('segment:delete') && (
            <Menu.Item color="red" leftSection={<Trash2 size={14} />} onClick={() => void remove()}>
              {t('delete.do')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={frozen !== undefined} onClose={() => setFrozen(undefined)} title={t('freeze.title')}>
        <form
          className={classes.main}
          onSubmit={(event) => {
            event.preventDefault();
            if (frozen?.trim()) freeze.mutate(frozen);
          }}
        >
          <p style={{ margin: 0 }}>{t('freeze.text')}</p>
          <TextInput
            label={t('name')}
            value={frozen ?? ''}
            onChange={(event) => setFrozen(event.currentTarget.value)}
            maxLength={100}
            error={freeze.error && faultText(freeze.error)}
            data-autofocus
          />
          <Button type="submit" loading={freeze.isPending} disabled={!frozen?.trim()} style={{ justifySelf: 'end' }}>
            {t('freeze.do')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
