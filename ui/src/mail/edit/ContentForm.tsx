// SPDX-License-Identifier: Apache-2.0
import { TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Remark } from '@/app/preview';
import { Panel, ViewTabs } from '@/shared/page';
import type { Template, TemplateDraft } from '../api';
import { CodeEditor, type CodeHandle } from './CodeEditor';
import { FieldMenu } from './FieldMenu';
import { JosaMenu } from './JosaMenu';
import { LegalFields } from './LegalFields';
import { Remarks } from './Remarks';
import styles from './Editor.module.css';

interface ContentFormProps {
  template?: Template;
  draft: TemplateDraft;
  onChange: (change: Partial<TemplateDraft>) => void;
  remarks: Remark[] | undefined;
}

type Part = 'html' | 'text';

/** Everything of a template that a person writes: name, class with its reason, subject, body. */
export function ContentForm({ template, draft, onChange, remarks }: ContentFormProps) {
  const { t } = useTranslation('mail');
  const [part, setPart] = useState<Part>('html');
  const code = useRef<CodeHandle>(null);
  const subject = useRef<HTMLInputElement>(null);
  const insertSubject = (text: string) => {
    const at = subject.current?.selectionStart ?? draft.subject.length;
    onChange({ subject: draft.subject.slice(0, at) + text + draft.subject.slice(at) });
  };
  return (
    <div className={styles.left}>
      <Panel>
        <div className={styles.form}>
          <TextInput
            label={t('form.name')}
            required
            maxLength={200}
            value={draft.name}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <LegalFields template={template} draft={draft} onChange={onChange} />
          <div className={styles.pair}>
            <TextInput
              ref={subject}
              label={t('form.subject')}
              required
              maxLength={400}
              leftSection={draft.class === 'ad' ? <span className={styles.prefix}>{'(광고)'}</span> : undefined}
              leftSectionWidth={draft.class === 'ad' ? 58 : undefined}
              value={draft.subject}
              onChange={(event) => onChange({ subject: event.currentTarget.value })}
            />
            <FieldMenu compact onInsert={insertSubject} />
          </div>
        </div>
      </Panel>
      <Panel
        flush
        title={
          <ViewTabs
            label={t('form.body')}
            value={part}
            onChange={(id) => setPart(id as Part)}
            tabs={(['html', 'text'] as const).map((id) => ({ id, label: t(`form.${id}`) }))}
          />
        }
        actions={
          <>
            <FieldMenu onInsert={(text) => code.current?.insert(text)} />
            <JosaMenu onInsert={(text) => code.current?.insert(text)} />
          </>
        }
      >
        <CodeEditor
          key={part}
          handle={code}
          label={t(`form.${part}`)}
          placeholder={part === 'text' ? t('form.textHint') : undefined}
          value={draft[part]}
          onChange={(value) => onChange({ [part]: value })}
          coloured
        />
      </Panel>
      <Panel title={t('lint.title')}>
        <Remarks remarks={remarks ?? []} />
      </Panel>
    </div>
  );
}
