// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, FileButton, Menu, Textarea, TextInput } from '@mantine/core';
import { FileText, Paperclip, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { LetterState } from './useLetter';
import styles from './Inbox.module.css';

interface LetterFieldsProps {
  letter: LetterState;
  /** Sends from the keyboard (Ctrl+Enter). */
  onSend: () => void;
}

/** Subject, text, files and templates of a letter. */
export function LetterFields({ letter, onSend }: LetterFieldsProps) {
  const { t } = useTranslation('mail');
  const { bytes } = useFormat();
  return (
    <>
      <TextInput
        label={t('inbox.subject')}
        required
        maxLength={500}
        value={letter.subject}
        onChange={(event) => letter.setSubject(event.currentTarget.value)}
      />
      <Textarea
        label={t('form.body')}
        required
        autosize
        minRows={6}
        maxRows={18}
        data-autofocus
        autoFocus
        value={letter.text}
        onFocus={(event) => event.currentTarget.setSelectionRange(0, 0)}
        onChange={(event) => letter.setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSend();
        }}
      />
      <div className={styles.tools}>
        <FileButton multiple onChange={(list) => void letter.attach(list)}>
          {(props) => (
            <Button
              {...props}
              size="xs"
              variant="default"
              leftSection={<Paperclip size={14} />}
              loading={letter.uploading}
            >
              {t('inbox.attach')}
            </Button>
          )}
        </FileButton>
        {letter.templates.length > 0 && (
          <Menu position="bottom-start">
            <Menu.Target>
              <Button size="xs" variant="default" leftSection={<FileText size={14} />} loading={letter.begin.isPending}>
                {t('inbox.template')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={300} style={{ overflow: 'auto' }}>
              {letter.templates.map((template) => (
                <Menu.Item key={template.id} onClick={() => letter.begin.mutate(template.id)}>
                  {template.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        {letter.files.map((file) => (
          <span key={file.id} className={styles.file}>
            <Paperclip size={14} aria-hidden /> {file.name} <span className="dim">{bytes(file.size)}</span>
            <ActionIcon
              size={20}
              aria-label={t('inbox.detach', { name: file.name })}
              onClick={() => letter.remove(file.id)}
            >
              <X size={13} />
            </ActionIcon>
          </span>
        ))}
      </div>
    </>
  );
}
