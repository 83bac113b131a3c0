// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Panel, Query, SimpleTable, Status } from '@/shared/page';
import { roleLabel, rolesQuery, type Role } from './api';
import type { TabProps } from './People';
import { RoleDialog } from './RoleDialog';

/** The roles: which permissions, over which rows. */
export function Roles({ adding, onAdded }: TabProps) {
  const { t, i18n } = useTranslation('team');
  const can = useCan();
  const result = useQuery(rolesQuery);
  const [editing, setEditing] = useState<Role>();
  return (
    <Panel flush>
      <Query result={result}>
        {({ items, permissions }) => (
          <>
            <SimpleTable
              stack
              label={t('tab.roles')}
              rows={items}
              rowKey={(role) => role.id}
              onOpen={can('team:admin') ? setEditing : undefined}
              columns={[
                {
                  id: 'label',
                  header: t('role.label'),
                  cell: (role) => (
                    <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
                      <strong style={{ fontWeight: 550 }}>{roleLabel(role, i18n.language)}</strong>
                      {role.is_builtin && <Status tone="grey">{t('role.builtin')}</Status>}
                    </span>
                  ),
                },
                { id: 'name', header: t('role.name'), cell: (role) => <code>{role.name}</code> },
                { id: 'scope', header: t('role.scope'), cell: (role) => t(`role.scopes.${role.row_scope}`) },
                {
                  id: 'permissions',
                  header: t('role.permissions'),
                  cell: (role) => (
                    <span className="dim">
                      {role.permissions.includes('*') ? t('role.everything') : role.permissions.join(', ')}
                    </span>
                  ),
                },
              ]}
            />
            {(adding || editing) && (
              <RoleDialog
                role={editing}
                known={permissions}
                onClose={() => {
                  setEditing(undefined);
                  onAdded();
                }}
              />
            )}
          </>
        )}
      </Query>
    </Panel>
  );
}
