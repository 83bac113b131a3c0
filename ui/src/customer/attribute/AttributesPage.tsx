// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Menu, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Archive, ArchiveRestore, Ellipsis, Pencil, Plus, Tags } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { EmptyState, Page, Panel, Query, SimpleTable, Status, tellUndo } from '@/shared/page';
import { attributesQuery, type Attribute } from '../api';
import { AttributeDialog } from './AttributeDialog';

/** The fields that administrators add; they appear everywhere at once. */
export function AttributesPage() {
  const { t } = useTranslation('customer');
  const can = useCan();
  const queries = useQueryClient();
  const result = useQuery(attributesQuery);
  const [editing, setEditing] = useState<Attribute | 'new'>();
  const [archived, setArchived] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: attributesQuery.queryKey });
  const setArchivedOf = (attribute: Attribute, value: boolean) =>
    api.patch<Attribute>('/api/attributes/{id}', {
      path: { id: attribute.id },
      body: { archived: value, version: attribute.version },
    });
  const archive = useMutation({
    mutationFn: ({ attribute, value }: { attribute: Attribute; value: boolean }) => setArchivedOf(attribute, value),
    onSuccess: (changed, { value }) => {
      if (value) {
        tellUndo(t('attribute.archived'), async () => {
          await setArchivedOf(changed, false);
          await refresh();
        });
      }
      return refresh();
    },
  });
  const mayEdit = can('attribute:create');
  return (
    <Page
      title={t('attribute.title')}
      aside={t('attribute.about')}
      width={1080}
      actions={
        mayEdit && (
          <Button leftSection={<Plus size={15} />} onClick={() => setEditing('new')}>
            {t('attribute.new')}
          </Button>
        )
      }
    >
      <Query result={result}>
        {({ items }) => {
          const shown = items.filter((attribute) => archived || !attribute.archived_at);
          return (
            <Panel
              title={t('attribute.custom')}
              aside={items.filter((attribute) => !attribute.archived_at).length}
              actions={
                <Switch
                  size="xs"
                  label={t('attribute.showArchived')}
                  checked={archived}
                  onChange={(e) => setArchived(e.currentTarget.checked)}
                />
              }
              flush
            >
              {shown.length === 0 ? (
                <EmptyState icon={Tags} title={t('attribute.none')} text={t('attribute.noneText')}>
                  {mayEdit && <Button onClick={() => setEditing('new')}>{t('attribute.new')}</Button>}
                </EmptyState>
              ) : (
                <SimpleTable
                  stack
                  label={t('attribute.title')}
                  rows={shown}
                  rowKey={(attribute) => attribute.id}
                  onOpen={mayEdit ? setEditing : undefined}
                  columns={[
                    {
                      id: 'label',
                      header: t('attribute.label'),
                      cell: (a) => (
                        <>
                          <strong style={{ fontWeight: 550 }}>{a.label_ko}</strong>{' '}
                          {a.label_en !== a.label_ko && <span className="dim">{a.label_en}</span>}
                        </>
                      ),
                    },
                    { id: 'name', header: t('attribute.name'), cell: (a) => <code>{a.name}</code> },
                    { id: 'type', header: t('attribute.type'), cell: (a) => t(`attribute.types.${a.type}`) },
                    {
                      id: 'choices',
                      header: t('attribute.choices'),
                      cell: (a) => (a.choices?.length ? <span className="dim">{a.choices.join(', ')}</span> : null),
                    },
                    {
                      id: 'marks',
                      header: '',
                      cell: (a) => (
                        <span style={{ display: 'inline-flex', gap: 4 }}>
                          {a.archived_at && <Status tone="grey">{t('attribute.isArchived')}</Status>}
                          {a.is_personal && <Status tone="amber">{t('attribute.personal')}</Status>}
                          {a.searchable && <Status tone="accent">{t('attribute.searchable')}</Status>}
                        </span>
                      ),
                    },
                    {
                      id: 'menu',
                      header: '',
                      align: 'end',
                      width: 50,
                      cell: (a) =>
                        mayEdit && (
                          <AttributeMenu
                            attribute={a}
                            onEdit={() => setEditing(a)}
                            onArchive={(value) => archive.mutate({ attribute: a, value })}
                          />
                        ),
                    },
                  ]}
                />
              )}
            </Panel>
          );
        }}
      </Query>
      {editing && (
        <AttributeDialog
          attribute={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onSaved={() => {
            setEditing(undefined);
            void refresh();
          }}
        />
      )}
    </Page>
  );
}

interface AttributeMenuProps {
  attribute: Attribute;
  onEdit: () => void;
  onArchive: (archived: boolean) => void;
}

function AttributeMenu({ attribute, onEdit, onArchive }: AttributeMenuProps) {
  const { t } = useTranslation('customer');
  const gone = Boolean(attribute.archived_at);
  return (
    // The row opens on a click; the menu inside it must not.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <span onClick={(event) => event.stopPropagation()}>
      <Menu>
        <Menu.Target>
          <ActionIcon size={26} aria-label={t('attribute.menu', { name: attribute.label_ko })}>
            <Ellipsis size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Pencil size={14} />} onClick={onEdit}>
            {t('attribute.edit')}
          </Menu.Item>
          <Menu.Item
            leftSection={gone ? <ArchiveRestore size={14} /> : <Archive size={14} />}
            onClick={() => onArchive(!gone)}
          >
            {t(gone ? 'attribute.restore' : 'attribute.archive')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}
