// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Menu } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { formatPhone, useFormat } from '@/shared/format';
import { Panel, SimpleTable, Status } from '@/shared/page';
import type { HouseholdDetail, HouseholdMember } from './api';
import { Confidence, Evidence } from './Evidence';
import { useDecide } from './useDecide';

/** The members with what speaks for them and what they are worth. */
export function Members({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation('customer');
  const { number, money } = useFormat();
  const can = useCan();
  return (
    <Panel title={t('household.members')} aside={number(household.members.length)} flush>
      <SimpleTable<HouseholdMember>
        label={t('household.members')}
        rows={household.members}
        rowKey={(member) => member.id}
        stack
        columns={[
          {
            id: 'name',
            header: t('field.full_name'),
            cell: (member) => (
              <span style={{ display: 'flex', flexWrap: 'wrap', gap: 6, alignItems: 'center' }}>
                <Link to="/customers/$id" params={{ id: String(member.id) }}>
                  {member.full_name || t('unnamed')}
                </Link>
                {member.is_head && <Status tone="accent">{t('household.head')}</Status>}
                {member.state === 'suggested' && <Confidence value={member.confidence} />}
              </span>
            ),
          },
          {
            id: 'birth',
            header: t('field.birth_on'),
            cell: (member) => <span className="num">{member.birth_on ?? '–'}</span>,
          },
          {
            id: 'mobile',
            header: t('field.mobile'),
            cell: (member) => formatPhone(member.mobile || member.phone) || '–',
          },
          { id: 'why', header: t('household.why'), cell: (member) => <Evidence member={member} /> },
          {
            id: 'orders',
            header: t('household.orders'),
            align: 'end',
            cell: (member) => number(member.figures?.orders ?? 0),
          },
          {
            id: 'revenue',
            header: t('household.revenue'),
            align: 'end',
            cell: (member) => (member.figures?.revenue ? money(member.figures.revenue, member.figures.currency) : '–'),
          },
          {
            id: 'consent',
            header: t('household.channels'),
            cell: (member) =>
              member.figures?.channels.map((c) => t(`household.channel.${c as 'email'}`, c)).join(', ') || '–',
          },
          ...(can('customer:update')
            ? [
                {
                  id: 'do',
                  header: '',
                  cell: (member: HouseholdMember) => <Actions household={household} member={member} />,
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}

function Actions({ household, member }: { household: HouseholdDetail; member: HouseholdMember }) {
  const { t } = useTranslation('customer');
  const navigate = useNavigate();
  const can = useCan();
  const decide = useDecide();
  const double = member.evidence?.find((one) => one.reasons.includes('same_person'));
  if (member.state === 'suggested') {
    return (
      <span style={{ display: 'flex', gap: 4, justifyContent: 'flex-end' }}>
        <Button size="compact-sm" onClick={() => decide.mutate({ id: household.id, decision: { add: [member.id] } })}>
          {t('household.join')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => decide.mutate({ id: household.id, decision: { remove: [member.id] } })}
        >
          {t('household.notHere')}
        </Button>
      </span>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('household.actionsOf', { name: member.full_name })}>
          <Ellipsis size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!member.is_head && (
          <Menu.Item onClick={() => decide.mutate({ id: household.id, decision: { head_id: member.id } })}>
            {t('household.makeHead')}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => decide.mutate({ id: household.id, decision: { remove: [member.id] } })}>
          {t('household.remove')}
        </Menu.Item>
        {double && can('customer:merge') && (
          <Menu.Item
            onClick={() => void navigate({ to: '/customers/merge', search: { a: member.id, b: double.with_id } })}
          >
            {t('household.compare')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
