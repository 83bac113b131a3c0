// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BookOpen, KeyRound, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { Ago, useFormat } from '@/shared/format';
import { confirm, EmptyState, Page, Panel, Query, SimpleTable, Status, tell } from '@/shared/page';
import { tokensQuery, type Token } from './api';
import { TokenDialog } from './TokenDialog';

/** One's own API tokens: what each may do and until when. */
export function TokensPage() {
  const { t } = useTranslation('team');
  const { date } = useFormat();
  const queries = useQueryClient();
  const result = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const revoke = useMutation({
    mutationFn: (id: number) => api.delete('/api/tokens/{id}', { path: { id } }),
    onSuccess: () => {
      tell(t('token.revoked'));
      return refresh();
    },
  });
  const askRevoke = async (token: Token) => {
    const sure = await confirm({
      title: t('token.revokeTitle', { name: token.name }),
      text: t('token.revokeText'),
      action: t('token.revoke'),
      danger: true,
    });
    if (sure) revoke.mutate(token.id);
  };
  const expired = (token: Token) => new Date(token.expires_at).getTime() < Date.now();
  return (
    <Page
      title={t('token.title')}
      aside={t('token.about')}
      width={1080}
      actions={
        <>
          <Button
            component="a"
            href="/api/docs"
            target="_blank"
            rel="noopener"
            variant="default"
            leftSection={<BookOpen size={15} />}
          >
            {t('token.docs')}
          </Button>
          <Button leftSection={<Plus size={15} />} onClick={() => setMaking(true)}>
            {t('token.new')}
          </Button>
        </>
      }
    >
      <Panel flush>
        <Query result={result}>
          {({ items }) =>
            !items || items.length === 0 ? (
              <EmptyState icon={KeyRound} title={t('token.none')} text={t('token.noneText')} />
            ) : (
              <SimpleTable
                stack
                label={t('token.title')}
                rows={items}
                rowKey={(token) => token.id}
                columns={[
                  {
                    id: 'name',
                    header: t('token.name'),
                    cell: (token) => <strong style={{ fontWeight: 550 }}>{token.name}</strong>,
                  },
                  { id: 'hint', header: t('token.begins'), cell: (token) => <code>{token.hint}…</code> },
                  {
                    id: 'scopes',
                    header: t('token.scopes'),
                    cell: (token) => <span className="dim">{token.scopes.join(', ')}</span>,
                  },
                  {
                    id: 'used',
                    header: t('token.used'),
                    cell: (token) => (token.last_used_at ? <Ago at={token.last_used_at} /> : '–'),
                  },
                  {
                    id: 'expires',
                    header: t('token.expires'),
                    cell: (token) =>
                      expired(token) ? <Status tone="red">{t('token.expired')}</Status> : date(token.expires_at),
                  },
                  {
                    id: 'revoke',
                    header: '',
                    align: 'end',
                    width: 50,
                    cell: (token) => (
                      <ActionIcon
                        size={26}
                        color="red"
                        onClick={() => void askRevoke(token)}
                        aria-label={t('token.revokeNamed', { name: token.name })}
                      >
                        <Trash2 size={15} />
                      </ActionIcon>
                    ),
                  },
                ]}
              />
            )
          }
        </Query>
      </Panel>
      {making && (
        <TokenDialog
          onClose={() => {
            setMaking(false);
            void refresh();
          }}
        />
      )}
    </Page>
  );
}
