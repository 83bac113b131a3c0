// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Menu, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, ChevronDown, Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { confirm, tell } from '@/shared/page';
import { deleteStatement, saveStatement, statementsQuery, type Statement } from './api';

interface StatementsProps {
  sql: string;
  current: Statement | undefined;
  onOpen: (statement: Statement | undefined) => void;
}

/** Saved SQL: open, save, save as new, delete. */
export function Statements({ sql, current, onOpen }: StatementsProps) {
  const { t } = useTranslation('cube');
  const cache = useQueryClient();
  const { data } = useQuery(statementsQuery);
  const [naming, dialog] = useDisclosure(false);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useMutation({
    mutationFn: saveStatement,
    onSuccess: async (statement) => {
      dialog.close();
      tell(t('saved'));
      await cache.invalidateQueries({ queryKey: statementsQuery.queryKey });
      onOpen(statement);
    },
  });
  const remove = async (statement: Statement) => {
    if (!(await confirm({ title: t('sql.delete', { name: statement.name }), action: t('deleteDo'), danger: true })))
      return;
    await deleteStatement(statement.id).catch(tellFault);
    await cache.invalidateQueries({ queryKey: statementsQuery.queryKey });
    onOpen(undefined);
  };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={14} />} rightSection={<ChevronDown size={13} />}>
            {current?.name ?? t('sql.saved')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {data?.items.map((statement) => (
            <Menu.Item key={statement.id} onClick={() => onOpen(statement)}>
              {statement.name}
            </Menu.Item>
          ))}
          {data?.items.length === 0 && <Menu.Label>{t('sql.noneSaved')}</Menu.Label>}
          <Menu.Divider />
          {current && (
            <Menu.Item leftSection={<Save size={14} />} onClick={() => save.mutate({ ...current, sql })}>
              {t('save')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Save size={14} />} onClick={dialog.open}>
            {t('saveAs')}
          </Menu.Item>
          {current && (
            <Menu.Item color="red" leftSection={<Trash2 size={14} />} onClick={() => void remove(current)}>
              {t('deleteDo')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={naming} onClose={dialog.close} title={t('saveAs')}>
        <form
          style={{ display: 'grid', gap: 12 }}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) save.mutate({ name: name.trim(), shared, sql });
          }}
        >
          <TextInput
            label={t('name')}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            data-autofocus
            required
            maxLength={100}
          />
          <Checkbox label={t('share')} checked={shared} onChange={(e) => setShared(e.currentTarget.checked)} />
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {t('save')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
