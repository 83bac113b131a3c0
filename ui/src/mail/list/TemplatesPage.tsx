// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Inbox, MailPlus, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Ago } from '@/shared/format';
import { EmptyState, Page, Panel, Query, SimpleTable, type SimpleColumn } from '@/shared/page';
import { templatesQuery, type Template } from '../api';
import { starters, type Starter } from '../edit/starters';
import { ClassBadge } from './ClassBadge';

function NewMenu() {
  const { t } = useTranslation('mail');
  const navigate = useNavigate();
  const start = (starter: Starter) => void navigate({ to: '/templates/new', search: { start: starter } });
  return (
    <Menu>
      <Menu.Target>
        <Button leftSection={<Plus size={14} />}>{t('new')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {starters.map((starter) => (
          <Menu.Item key={starter} onClick={() => start(starter)}>
            {t(`starter.${starter}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The mail templates. */
export function TemplatesPage() {
  const { t } = useTranslation('mail');
  const can = useCan();
  const navigate = useNavigate();
  const result = useQuery(templatesQuery);
  const mayCreate = can('mail:create');
  const columns: SimpleColumn<Template>[] = [
    {
      id: 'name',
      header: t('form.name'),
      cell: (template) => (
        <span style={{ display: 'grid', minWidth: 200 }}>
          <strong style={{ fontWeight: 550 }}>{template.name}</strong>
          <small className="dim">{template.latest.subject}</small>
        </span>
      ),
    },
    { id: 'class', header: t('form.class'), cell: (template) => <ClassBadge value={template.class} /> },
    {
      id: 'version',
      header: t('version.title'),
      align: 'end',
      cell: (template) => t('version.short', { version: template.latest.number }),
    },
    { id: 'updated', header: t('updated'), cell: (template) => <Ago at={template.updated_at} /> },
  ];
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <Button variant="default" leftSection={<Inbox size={14} />} onClick={() => void navigate({ to: '/outbox' })}>
            {t('outbox.title')}
          </Button>
          {mayCreate && <NewMenu />}
        </>
      }
    >
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={MailPlus} title={t('empty.title')} text={t('empty.text')}>
              {mayCreate && <NewMenu />}
            </EmptyState>
          ) : (
            <Panel flush>
              <SimpleTable
                stack
                label={t('title')}
                rows={items}
                columns={columns}
                rowKey={(template) => template.id}
                onOpen={(template) => void navigate({ to: '/templates/$id', params: { id: String(template.id) } })}
              />
            </Panel>
          )
        }
      </Query>
    </Page>
  );
}
