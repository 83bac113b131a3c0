// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import type { PickedCustomer } from '@/app/pick';
import { MailPreview, openTestMail, useMailPreview } from '@/app/preview';
import { useCan } from '@/app/session';
import { useShortcuts } from '@/app/shortcuts';
import { confirm, Page, Query, tell } from '@/shared/page';
import { draftOf, templateQuery, type Template, type TemplateDraft } from '../api';
import { ContentForm } from './ContentForm';
import { startDraft } from './starters';
import { VersionsMenu } from './VersionsMenu';
import styles from './Editor.module.css';

function Editor({ template, start }: { template?: Template; start: TemplateDraft }) {
  const { t } = useTranslation('mail');
  const { t: shared } = useTranslation('shared');
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(start);
  const [customer, setCustomer] = useState<PickedCustomer>();
  const of = { template: draft };
  const shown = useMailPreview(of, customer);
  const isDirty = !template || JSON.stringify(draft) !== JSON.stringify(draftOf(template));
  const ready = draft.name.trim() !== '' && draft.subject.trim() !== '';
  const blocker = useBlocker({
    shouldBlockFn: async () =>
      !(await confirm({ title: t('leave.title'), text: t('leave.text'), action: t('leave.action'), danger: true })),
    disabled: !isDirty || (!template && draft.html === start.html && draft.subject === start.subject),
    enableBeforeUnload: isDirty && template !== undefined,
  });
  void blocker;
  const save = useMutation({
    mutationFn: () =>
      template
        ? api.patch<Template>('/api/templates/{id}', {
            path: { id: template.id },
            body: { ...draft, version: template.version },
          })
        : api.post<Template>('/api/templates', { body: draft }),
    onSuccess: async (saved) => {
      tell(t('form.saved', { version: saved.latest.number }));
      await queries.invalidateQueries({ queryKey: ['templates'] });
      if (!template) {
        await navigate({ to: '/templates/$id', params: { id: String(saved.id) }, ignoreBlocker: true });
      }
    },
  });
  const remove = async () => {
    if (!template) return;
    const sure = await confirm({
      title: t('remove.title', { name: template.name }),
      text: t('remove.text'),
      action: shared('delete'),
      danger: true,
    });
    if (!sure) return;
    await api.delete('/api/templates/{id}', { path: { id: template.id } });
    await queries.invalidateQueries({ queryKey: ['templates'] });
    await navigate({ to: '/templates', ignoreBlocker: true });
  };
  const mayEdit = can(template ? 'mail:update' : 'mail:create');
  const store = () => mayEdit && ready && isDirty && save.mutate();
  useShortcuts(t('title'), [{ keys: 'mod+s', label: shared('save'), run: store, inFields: true }]);

  return (
    <Page
      title={draft.name.trim() || t('new')}
      before={
        <ActionIcon aria-label={t('back')} renderRoot={(props) => <Link to="/templates" {...props} />}>
          <ArrowLeft size={16} />
        </ActionIcon>
      }
      aside={template && isDirty ? <span>{t('form.unsaved')}</span> : undefined}
      body="fill"
      actions={
        <>
          {template && can('mail:delete') && (
            <ActionIcon onClick={() => void remove()} aria-label={shared('delete')}>
              <Trash2 size={16} />
            </ActionIcon>
          )}
          {template && (
            <VersionsMenu
              template={template}
              onTake={({ subject, html, text, missing }) => setDraft({ ...draft, subject, html, text, missing })}
            />
          )}
          {can('mail:send') && (
            <Button
              variant="default"
              leftSection={<Send size={14} />}
              disabled={!ready}
              onClick={() => openTestMail(of, customer)}
            >
              {t('test.title')}
            </Button>
          )}
          {mayEdit && (
            <Button disabled={!ready || !isDirty} loading={save.isPending} onClick={store}>
              {shared('save')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.page}>
        <ContentForm
          draft={draft}
          onChange={(part) => setDraft({ ...draft, ...part })}
          template={template}
          remarks={shown.data?.remarks ?? template?.remarks}
        />
        <div className={styles.right}>
          <MailPreview of={of} customer={customer} onCustomer={setCustomer} />
        </div>
      </div>
    </Page>
  );
}

/** A template: what it says beside what a customer will see. */
export function TemplatePage() {
  const id = Number(useParams({ from: '/shell/templates/$id' }).id);
  const result = useQuery(templateQuery(id));
  return (
    <Query result={result}>
      {(template) => (
        <Editor key={`${template.id} ${template.version}`} template={template} start={draftOf(template)} />
      )}
    </Query>
  );
}

/** A template that does not exist yet. */
export function NewTemplatePage() {
  const { start } = useSearch({ from: '/shell/templates/new' });
  return <Editor start={startDraft(start ?? 'blank', '')} />;
}
