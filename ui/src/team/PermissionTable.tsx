// SPDX-License-Identifier: Apache-2.0
import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { allowed, capabilitiesOf, toggled } from './permissions';
import classes from './PermissionTable.module.css';

interface PermissionTableProps {
  known: string[];
  /** Patterns: *, capability:*, *:action, capability:action. */
  value: string[];
  onChange: (value: string[]) => void;
}

/** Permissions as a table: one line a capability, one box an action. */
export function PermissionTable({ known, value, onChange }: PermissionTableProps) {
  const { t } = useTranslation('team');
  const everything = value.includes('*');
  return (
    <div className={classes.box}>
      <div className={classes.all}>
        <Checkbox
          label={t('role.everything')}
          checked={everything}
          onChange={(event) => onChange(event.currentTarget.checked ? ['*'] : [])}
        />
      </div>
      <table className={classes.table}>
        <tbody>
          {capabilitiesOf(known).map(([capability, actions]) => (
            <tr key={capability}>
              <th scope="row">{translate(`team:capability.${capability}`, capability)}</th>
              <td>
                {actions.map((action) => {
                  const permission = `${capability}:${action}`;
                  return (
                    <Checkbox
                      key={action}
                      size="xs"
                      label={translate(`team:action.${action}`, action)}
                      disabled={everything}
                      checked={allowed(value, permission)}
                      onChange={() => onChange(toggled(value, permission, known))}
                    />
                  );
                })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
