// SPDX-License-Identifier: Apache-2.0
import { Button, Group, MultiSelect, NumberInput, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Page } from '@/app/api';
import { Panel, Query, tell } from '@/shared/page';
import { channels, policyQuery, sendersQuery, type Policy, type Sender } from '../api';

/** The company's own rules and its sender data. */
export function Policies() {
  const policy = useQuery(policyQuery);
  const senders = useQuery(sendersQuery);
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <Query result={policy}>{(kept) => <PolicyForm kept={kept} />}</Query>
      <Query result={senders}>
        {({ items }) => items.map((sender) => <SenderPanel key={sender.code} kept={sender} />)}
      </Query>
    </div>
  );
}

function useSave<T>(send: (body: T) => Promise<unknown>) {
  const { t } = useTranslation('consent');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      tell(t('rules.saved'));
      return queries.invalidateQueries({ queryKey: ['consents'] });
    },
  });
}

function PolicyForm({ kept }: { kept: Policy }) {
  const { t } = useTranslation('consent');
  const [policy, setPolicy] = useState(kept);
  const sources = useQuery({
    queryKey: ['sources', 'names'],
    queryFn: ({ signal }) => api.get<Page<{ id: number; name: string }>>('/api/sources', { signal }),
    retry: false,
  });
  const save = useSave((body: Policy) => api.put('/api/consents/policy', { body }));
  const set = (change: Partial<Policy>) => setPolicy({ ...policy, ...change });
  const hint = { margin: '0 0 12px' };
  return (
    <>
      <Panel title={t('rules.cap')}>
        <p className="dim" style={hint}>
          {t('rules.capText')}
        </p>
        <Group gap={12}>
          <NumberInput
            label={t('rules.most')}
            min={0}
            value={policy.max_contacts}
            onChange={(n) => set({ max_contacts: Number(n) || 0 })}
          />
          <NumberInput
            label={t('rules.days')}
            min={0}
            max={365}
            value={policy.per_days}
            onChange={(n) => set({ per_days: Number(n) || 0 })}
          />
        </Group>
      </Panel>
      <CentrePanel policy={policy} set={set} />
      <Panel title={t('rules.exempt')}>
        <p className="dim" style={hint}>
          {t('rules.exemptText')}
        </p>
        <Switch
          label={t('rules.allow')}
          checked={policy.allow_transaction_exemption}
          onChange={(event) => set({ allow_transaction_exemption: event.currentTarget.checked })}
        />
        {policy.allow_transaction_exemption && (
          <MultiSelect
            mt={12}
            label={t('rules.sources')}
            data={(sources.data?.items ?? []).map((source) => ({ value: String(source.id), label: source.name }))}
            value={(policy.direct_sources ?? []).map(String)}
            onChange={(list) => set({ direct_sources: list.map(Number) })}
          />
        )}
      </Panel>
      <Panel title={t('rules.providers')}>
        <div style={{ display: 'grid', gap: 12 }}>
          <Switch
            label={t('rules.certified')}
            checked={policy.sms_provider_is_certified}
            onChange={(event) => set({ sms_provider_is_certified: event.currentTarget.checked })}
          />
          <Switch
            label={t('rules.seller')}
            checked={policy.seller_is_registered}
            onChange={(event) => set({ seller_is_registered: event.currentTarget.checked })}
          />
          <div>
            <Button loading={save.isPending} onClick={() => save.mutate(policy)}>
              {t('rules.save')}
            </Button>
          </div>
        </div>
      </Panel>
    </>
  );
}

/** What customers are offered on their own page, and whether they are told by the product. */
function CentrePanel({ policy, set }: { policy: Policy; set: (change: Partial<Policy>) => void }) {
  const { t } = useTranslation('consent');
  return (
    <>
      <Panel title={t('rules.centre')}>
        <MultiSelect
          label={t('rules.channels')}
          description={t('rules.channelsText')}
          data={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          value={policy.channels ?? []}
          onChange={(list) => set({ channels: list })}
        />
      </Panel>
      <Panel title={t('rules.notices')}>
        <p className="dim" style={{ margin: '0 0 12px' }}>
          {t('rules.noticesText')}
        </p>
        <Switch
          label={t('rules.bySelf')}
          checked={policy.tells_by_self}
          onChange={(event) => set({ tells_by_self: event.currentTarget.checked })}
        />
      </Panel>
    </>
  );
}

const fields = [
  ['name', 'name'],
  ['name_en', 'nameEn'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['address', 'address'],
  ['address_en', 'addressEn'],
] as const;

function SenderPanel({ kept }: { kept: Sender }) {
  const { t } = useTranslation('consent');
  const [sender, setSender] = useState(kept);
  const save = useSave(({ code, ...rest }: Sender) => {
    const body = Object.fromEntries(fields.map(([field]) => [field, rest[field]]));
    return api.put('/api/senders/{code}', { path: { code }, body });
  });
  return (
    <Panel title={t('rules.sender')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(sender);
        }}
      >
        <div style={{ display: 'grid', gap: 12, gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))' }}>
          {fields.map(([field, label]) => (
            <TextInput
              key={field}
              label={t(`rules.${label}`)}
              value={sender[field]}
              onChange={(event) => setSender({ ...sender, [field]: event.currentTarget.value })}
            />
          ))}
        </div>
        <Button type="submit" mt={12} loading={save.isPending}>
          {t('rules.save')}
        </Button>
      </form>
    </Panel>
  );
}
