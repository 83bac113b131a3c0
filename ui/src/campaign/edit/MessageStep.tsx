// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MailPlus, Pencil, Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PickedCustomer } from '@/app/pick';
import { MailPreview, openTestMail } from '@/app/preview';
import { useCan } from '@/app/session';
import { EmptyState, Panel, Query, Status } from '@/shared/page';
import { templatesQuery } from '../api';
import { Choices } from './Choices';
import type { Editor } from './useEditor';
import { VariantsPanel, withFirst } from './VariantsPanel';
import styles from './Edit.module.css';

const tones = { ad: 'amber', informational: 'cyan', statutory_notice: 'grey' } as const;

/** Step 3: what is sent, seen as a real customer would see it. */
export function MessageStep({ editor: { draft, change } }: { editor: Editor }) {
  const { t } = useTranslation('campaign');
  const { t: mail } = useTranslation('mail');
  const can = useCan();
  const result = useQuery(templatesQuery);
  const [customer, setCustomer] = useState<PickedCustomer>();
  const of = draft.template_id > 0 ? { template_id: draft.template_id } : undefined;
  const create = can('mail:create') && (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<MailPlus size={13} />}
      renderRoot={(props) => <Link to="/templates/new" {...props} />}
    >
      {mail('new')}
    </Button>
  );
  return (
    <div className={styles.wide}>
      <div className={styles.column}>
        <Panel title={t('edit.step.message')} actions={create}>
          <Query result={result}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState icon={MailPlus} title={mail('empty.title')} text={mail('empty.text')} />
              ) : (
                <Choices
                  tall
                  label={t('edit.template')}
                  value={draft.template_id ? String(draft.template_id) : null}
                  onChange={(id) => change({ template_id: Number(id), intent: withFirst(draft.intent, Number(id)) })}
                  choices={items.map((template) => ({
                    value: String(template.id),
                    label: template.name,
                    hint: template.latest.subject,
                    aside: <Status tone={tones[template.class]}>{mail(`class.${template.class}`)}</Status>,
                  }))}
                />
              )
            }
          </Query>
        </Panel>
        {of && <VariantsPanel draft={draft} templates={result.data?.items ?? []} onChange={change} />}
        {of && (
          <div className={styles.row}>
            {can('mail:send') && (
              <Button variant="default" leftSection={<Send size={14} />} onClick={() => openTestMail(of, customer)}>
                {mail('test.title')}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<Pencil size={14} />}
              renderRoot={(props) => <Link to="/templates/$id" params={{ id: String(draft.template_id) }} {...props} />}
            >
              {t('edit.editTemplate')}
            </Button>
          </div>
        )}
      </div>
      <div className={styles.preview}>
        {of ? (
          <MailPreview of={of} customer={customer} onCustomer={setCustomer} />
        ) : (
          <EmptyState icon={MailPlus} title={t('edit.chooseTemplate')} />
        )}
      </div>
    </div>
  );
}
