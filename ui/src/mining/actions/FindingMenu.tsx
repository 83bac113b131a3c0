// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, Gift, Megaphone, Tag } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import type { GroupRule, Rule } from '@/shared/filter';
import { keepSegment } from './api';
import { AttributeModal } from './AttributeModal';
import classes from './Actions.module.css';

interface FindingMenuProps {
  /** What the people of the finding are called. */
  name: string;
  rules: Rule[];
  /** What an offer to them is about. */
  category?: string;
}

/** From a finding to a segment, an offer, a campaign or an attribute of its people. */
export function FindingMenu({ name, rules, category }: FindingMenuProps) {
  const { t } = useTranslation('mining');
  const can = useCan();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [isKeeping, setKeeping] = useState(false);
  const tree: GroupRule = { op: 'and', rules };
  const save = useMutation({
    mutationFn: async (go: (id: number) => string) => {
      const saved = await keepSegment(name, tree);
      await cache.invalidateQueries({ queryKey: ['segments'] });
      await navigate({ href: go(saved.id) });
    },
    onError: tellFault,
  });
  const offer = (id: number) => {
    const draft = { name, segment_id: id, ...(category ? { category, kind: 'product' } : {}) };
    return `/offers?draft=${encodeURIComponent(JSON.stringify(draft))}`;
  };
  const canSave = can('segment:create') && can('campaign:create');
  const canKeep = can('mining:update') && can('attribute:create') && can('customer:update');
  return (
    <span className={classes.menu}>
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => void navigate({ to: '/segments/$id', params: { id: '0' }, search: { rules: tree, name } })}
      >
        {t('rfm.segment')}
      </Button>
      {(canSave || canKeep) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={t('actions.more', { name })} loading={save.isPending}>
              <Ellipsis size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {canSave && (
              <>
                <Menu.Item leftSection={<Gift size={14} />} onClick={() => save.mutate(offer)}>
                  {t('actions.offer')}
                </Menu.Item>
                <Menu.Item
                  leftSection={<Megaphone size={14} />}
                  onClick={() => save.mutate((id) => `/campaigns/new?segment=${id}`)}
                >
                  {t('actions.campaign')}
                </Menu.Item>
              </>
            )}
            {canKeep && (
              <Menu.Item leftSection={<Tag size={14} />} onClick={() => setKeeping(true)}>
                {t('actions.attribute')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {isKeeping && <AttributeModal name={name} rules={tree} onClose={() => setKeeping(false)} />}
    </span>
  );
}
