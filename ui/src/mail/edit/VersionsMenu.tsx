// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago } from '@/shared/format';
import { versionsQuery, type Template, type TemplateVersion } from '../api';

interface VersionsMenuProps {
  template: Template;
  /** Puts an earlier version into the editor; saving it makes a new one. */
  onTake: (version: TemplateVersion) => void;
}

/** The versions of a template; an earlier one can be taken up again. */
export function VersionsMenu({ template, onTake }: VersionsMenuProps) {
  const { t } = useTranslation('mail');
  const [opened, setOpened] = useState(false);
  const { data } = useQuery({ ...versionsQuery(template.id), enabled: opened });
  const versions = data?.items ?? [template.latest];
  return (
    <Menu width={280} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <Button variant="default" leftSection={<History size={14} />}>
          {t('version.short', { version: template.latest.number })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        <Menu.Label>{t('version.hint')}</Menu.Label>
        {versions.map((version) => (
          <Menu.Item key={version.id} disabled={version.id === template.latest.id} onClick={() => onTake(version)}>
            <span style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
              <span>{t('version.short', { version: version.number })}</span>
              <span className="dim">
                <Ago at={version.created_at} />
              </span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
