// SPDX-License-Identifier: Apache-2.0
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { Query } from '@/shared/page';
import { schemaQuery } from './api';
import classes from './Sql.module.css';

/** The tables and columns that may be asked; a click writes the name. */
export function Schema({ onPick }: { onPick: (text: string) => void }) {
  const { t } = useTranslation('cube');
  const label = useLabel();
  const schema = useQuery(schemaQuery);
  const [search, setSearch] = useState('');
  const [closed, setClosed] = useState<string[]>([]);
  const words = search.trim().toLowerCase();
  return (
    <aside className={classes.schema} aria-label={t('sql.schema')}>
      <TextInput
        size="xs"
        aria-label={t('sql.search')}
        placeholder={t('sql.search')}
        leftSection={<Search size={13} />}
        value={search}
        onChange={(e) => setSearch(e.currentTarget.value)}
      />
      <Query result={schema}>
        {({ tables }) =>
          tables.map((table) => {
            const columns = table.columns.filter((c) =>
              [table.name, c.name, c.label.ko, c.label.en].some((text) => text.toLowerCase().includes(words)),
            );
            const isOpen = !closed.includes(table.name) || words !== '';
            if (columns.length === 0) return null;
            return (
              <section key={table.name}>
                <div className={classes.tableHead}>
                  <button
                    type="button"
                    aria-expanded={isOpen}
                    aria-label={t(isOpen ? 'sql.close' : 'sql.open', { name: table.name })}
                    onClick={() => setClosed(isOpen ? [...closed, table.name] : closed.filter((n) => n !== table.name))}
                  >
                    {isOpen ? <ChevronDown size={13} aria-hidden /> : <ChevronRight size={13} aria-hidden />}
                  </button>
                  <button type="button" className={classes.pick} onClick={() => onPick(table.name)}>
                    <b>{table.name}</b> <span className="dim">{label(table.label)}</span>
                  </button>
                </div>
                {table.limited && <p className={classes.limited}>{t('sql.limited')}</p>}
                {isOpen && (
                  <ul>
                    {columns.map((column) => (
                      <li key={column.name}>
                        <button
                          type="button"
                          className={classes.pick}
                          title={label(column.about) || undefined}
                          onClick={() => onPick(column.name)}
                        >
                          {column.name} <span className="dim">{label(column.label)}</span>
                          <span className={classes.type}>{column.type.toLowerCase()}</span>
                        </button>
                      </li>
                    ))}
                  </ul>
                )}
              </section>
            );
          })
        }
      </Query>
    </aside>
  );
}
