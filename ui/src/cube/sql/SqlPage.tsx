// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Database, Download, Play, Square } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '@/app/api';
import { faultText, tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { askPurpose, EmptyState, Page } from '@/shared/page';
import { runSql, type Statement } from './api';
import { Answer } from './Answer';
import { ParquetDialog } from './ParquetDialog';
import { Schema } from './Schema';
import { Statements } from './Statements';
import classes from './Sql.module.css';

const first = `SELECT c.sido, count(DISTINCT o.customer_id) AS buyers, sum(o.amount) AS revenue
FROM order_lines o
JOIN customers c ON c.id = o.customer_id
WHERE o.counts > 0
GROUP BY ALL
ORDER BY revenue DESC`;

/** SQL for analysts: one SELECT at a time, within the same policy as everywhere. */
export function SqlPage() {
  const { t } = useTranslation('cube');
  const can = useCan();
  const [sql, setSql] = useState(first);
  const [statement, setStatement] = useState<Statement>();
  const [isParquet, setParquet] = useState(false);
  const editor = useRef<HTMLTextAreaElement>(null);
  const stop = useRef<AbortController>(undefined);
  const run = useMutation({
    meta: { quiet: true }, // said below the statement, where it belongs
    mutationFn: (text: string) => {
      stop.current?.abort();
      stop.current = new AbortController();
      return runSql(text, stop.current.signal);
    },
  });
  const selected = () => {
    const el = editor.current;
    return el && el.selectionStart !== el.selectionEnd ? sql.slice(el.selectionStart, el.selectionEnd) : sql;
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run.mutate(selected());
  };
  const insert = (text: string) => {
    const el = editor.current;
    const from = el?.selectionStart ?? sql.length;
    setSql(sql.slice(0, from) + text + sql.slice(el?.selectionEnd ?? from));
    requestAnimationFrame(() => {
      el?.focus();
      el?.setSelectionRange(from + text.length, from + text.length);
    });
  };
  const save = async (format: 'csv' | 'xlsx') => {
    const purpose = await askPurpose('export');
    if (!purpose) return;
    await download('/api/cube/sql/export', {
      method: 'POST',
      query: { format },
      body: { sql, purpose },
      name: `sql.${format}`,
    }).catch(tellFault);
  };
  const isStopped = run.error instanceof DOMException;
  return (
    <Page
      title={t('sql.title')}
      body="fill"
      actions={
        <>
          <Statements
            sql={sql}
            current={statement}
            onOpen={(next) => {
              setStatement(next);
              if (next) setSql(next.content);
            }}
          />
          {can('cube:export') && (
            <Button
              variant="default"
              leftSection={<Database size={14} />}
              onClick={() => setParquet(true)}
              visibleFrom="sm"
            >
              Parquet
            </Button>
          )}
          {isParquet && <ParquetDialog onClose={() => setParquet(false)} />}
          {can('cube:export') && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" leftSection={<Download size={14} />}>
                  {t('export')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => void save('csv')}>CSV (UTF-8)</Menu.Item>
                <Menu.Item onClick={() => void save('xlsx')}>Excel (.xlsx)</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      <div className={classes.desk}>
        <Schema onPick={insert} />
        <div className={classes.work}>
          <Textarea
            ref={editor}
            aria-label={t('sql.editor')}
            value={sql}
            onChange={(e) => setSql(e.currentTarget.value)}
            onKeyDown={keys}
            autosize
            minRows={6}
            maxRows={16}
            spellCheck={false}
            maxLength={50_000}
            classNames={{ input: classes.editor }}
          />
          <div className={classes.bar}>
            {run.isPending ? (
              <Button variant="default" leftSection={<Square size={13} />} onClick={() => stop.current?.abort()}>
                {t('sql.stop')}
              </Button>
            ) : (
              <Button leftSection={<Play size={13} />} onClick={() => run.mutate(selected())}>
                {t('sql.run')}
              </Button>
            )}
            <span className="dim">{t('sql.hint')}</span>
          </div>
          {run.isError && !isStopped ? (
            <p role="alert" className={classes.fault}>
              {faultText(run.error)}
            </p>
          ) : run.data && !isStopped ? (
            <Answer answer={run.data} />
          ) : (
            <EmptyState icon={Play} title={isStopped ? t('sql.stopped') : t('sql.empty')} text={t('sql.rules')} />
          )}
        </div>
      </div>
    </Page>
  );
}
