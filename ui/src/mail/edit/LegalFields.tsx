// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, SegmentedControl, Select, Textarea, Tooltip } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BadgeCheck, Pencil } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { tell } from '@/shared/page';
import {
  classes,
  draftOf,
  missingRules,
  sendersQuery,
  type MailClass,
  type Template,
  type TemplateDraft,
} from '../api';
import { openSender } from './SenderForm';
import styles from './Editor.module.css';

interface LegalFieldsProps {
  template?: Template;
  draft: TemplateDraft;
  onChange: (change: Partial<TemplateDraft>) => void;
}

/** The approval of the reason why an informational message is no advertisement. */
function Approval({ template, draft }: Omit<LegalFieldsProps, 'onChange'>) {
  const { t } = useTranslation('mail');
  const { dateTime } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const approve = useMutation({
    mutationFn: (id: number) => api.post('/api/templates/{id}/approve', { path: { id } }),
    onSuccess: () => {
      tell(t('approval.done'));
      return queries.invalidateQueries({ queryKey: ['templates'] });
    },
  });
  if (!template) return null;
  if (template.approved_at) {
    return (
      <p className={styles.approved}>
        <BadgeCheck size={15} aria-hidden />
        {t('approval.at', { at: dateTime(template.approved_at) })}
      </p>
    );
  }
  const isSaved = JSON.stringify(draft) === JSON.stringify(draftOf(template));
  return (
    <div className={styles.approval}>
      <span>{t(isSaved ? 'approval.needed' : 'approval.saveFirst')}</span>
      {can('mail:approve') && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<BadgeCheck size={13} />}
          disabled={!isSaved || draft.reason.trim() === ''}
          loading={approve.isPending}
          onClick={() => approve.mutate(template.id)}
        >
          {t('approval.action')}
        </Button>
      )}
    </div>
  );
}

/** What the message is before the law, who sends it, and what happens when a value is missing. */
export function LegalFields({ template, draft, onChange }: LegalFieldsProps) {
  const { t } = useTranslation('mail');
  const { data } = useQuery(sendersQuery);
  const can = useCan();
  const senders = data?.items ?? [];
  const sender = senders.find((s) => s.code === draft.sender) ?? senders[0];
  return (
    <>
      <div className={styles.classField}>
        <span id="mail-class">{t('form.class')}</span>
        <SegmentedControl
          aria-labelledby="mail-class"
          value={draft.class}
          onChange={(value) => onChange({ class: value as MailClass })}
          data={classes.map((value) => ({ value, label: t(`class.${value}`) }))}
        />
      </div>
      <p className="dim" style={{ margin: 0 }}>
        {t(`classHint.${draft.class}`)}
      </p>
      {draft.class === 'informational' && (
        <>
          <Textarea
            label={t('form.reason')}
            description={t('form.reasonHint')}
            placeholder={t('form.reasonPlaceholder')}
            required
            maxLength={400}
            value={draft.reason}
            onChange={(event) => onChange({ reason: event.currentTarget.value })}
          />
          <Approval template={template} draft={draft} />
        </>
      )}
      <div className={styles.halves}>
        {senders.length > 0 && (
          <Select
            label={t('form.sender')}
            allowDeselect={false}
            data={senders.map(({ code, name }) => ({ value: code, label: name || code }))}
            value={sender?.code ?? null}
            onChange={(code) => code && onChange({ sender: code })}
            rightSectionPointerEvents="all"
            rightSection={
              sender &&
              can('consent:admin') && (
                <Tooltip label={t('sender.edit')}>
                  <ActionIcon size={24} aria-label={t('sender.edit')} onClick={() => openSender(sender)}>
                    <Pencil size={13} />
                  </ActionIcon>
                </Tooltip>
              )
            }
          />
        )}
        <Select
          label={t('form.missing')}
          allowDeselect={false}
          data={missingRules.map((value) => ({ value, label: t(`missing.${value}`) }))}
          value={draft.missing}
          onChange={(missing) => missing && onChange({ missing: missing as TemplateDraft['missing'] })}
        />
      </div>
    </>
  );
}
