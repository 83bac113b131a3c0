// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Initial, useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable, Status } from '@/shared/page';
import { peopleQuery, roleLabel, rolesQuery, type Person } from './api';
import { PersonDialog } from './PersonDialog';

export interface TabProps {
  /** The button of the page head was pressed. */
  adding: boolean;
  onAdded: () => void;
}

/** The people of the staff. */
export function People({ adding, onAdded }: TabProps) {
  const { t, i18n } = useTranslation('team');
  const can = useCan();
  const { date } = useFormat();
  const result = useQuery(peopleQuery);
  const roles = useQuery(rolesQuery);
  const [editing, setEditing] = useState<Person>();
  const labelOf = (name: string) => {
    const role = roles.data?.items.find((one) => one.name === name);
    return role ? roleLabel(role, i18n.language) : name;
  };
  return (
    <Panel flush>
      <Query result={result}>
        {({ items }) => (
          <SimpleTable
            stack
            label={t('tab.people')}
            rows={items}
            rowKey={(person) => person.id}
            onOpen={can('team:admin') ? setEditing : undefined}
            columns={[
              {
                id: 'name',
                header: t('name'),
                cell: (person) => (
                  <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8 }}>
                    <Initial name={person.name} size={22} />
                    <strong style={{ fontWeight: 550 }}>{person.name}</strong>
                    {person.is_disabled && <Status tone="grey">{t('disabled')}</Status>}
                  </span>
                ),
              },
              { id: 'email', header: t('email'), cell: (person) => person.email },
              { id: 'roles', header: t('roles'), cell: (person) => person.roles.map(labelOf).join(', ') },
              { id: 'branch', header: t('branch'), cell: (person) => person.branch || <span className="dim">–</span> },
              {
                id: 'created',
                header: t('created'),
                cell: (person) => <span className="num dim">{date(person.created_at)}</span>,
              },
            ]}
          />
        )}
      </Query>
      {(adding || editing) && (
        <PersonDialog
          person={editing}
          onClose={() => {
            setEditing(undefined);
            onAdded();
          }}
        />
      )}
    </Panel>
  );
}
