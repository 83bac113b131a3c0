// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { SavedMenu } from '../SavedMenu';
import { deleteStatement, saveStatement, statementsQuery, type Statement } from './api';

interface StatementsProps {
  sql: string;
  current: Statement | undefined;
  onOpen: (statement: Statement | undefined) => void;
}

/** Saved SQL: open, save, save as new, delete. */
export function Statements({ sql, current, onOpen }: StatementsProps) {
  const { t } = useTranslation('cube');
  const { data } = useQuery(statementsQuery);
  return (
    <SavedMenu
      label={t('sql.saved')}
      none={t('sql.noneSaved')}
      items={data?.items}
      current={current}
      queryKey={statementsQuery.queryKey}
      deleting={(name) => t('sql.delete', { name })}
      onSave={(name, shared, as) => saveStatement({ id: as?.id, version: as?.version, name, shared, content: sql })}
      onDelete={deleteStatement}
      onOpen={onOpen}
    />
  );
}
