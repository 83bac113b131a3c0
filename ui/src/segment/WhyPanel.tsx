// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import {
  describeRule,
  isEvent,
  isGroup,
  measuredField,
  type Catalogue,
  type EventRule,
  type Rule,
} from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { ErrorState, Loading, Status } from '@/shared/page';
import { whyQuery, type Segment, type WhyRule } from './api';
import classes from './Segment.module.css';

interface NodeProps {
  rule: Rule;
  path: string;
  facts: Map<string, WhyRule>;
  catalogue: Catalogue;
}

/** What a rule came to for the customer, in words. */
function Fact({ fact, rule, catalogue }: { fact: WhyRule; rule: EventRule; catalogue: Catalogue }) {
  const { t } = useTranslation('segment');
  const { number, date, money } = useFormat();
  if (fact.kind === 'last' || fact.kind === 'first') {
    return <>{fact.at ? t(`why.fact.${fact.kind}`, { at: date(fact.at.slice(0, 10)) }) : t('why.fact.none')}</>;
  }
  if (fact.number === undefined) return <>{t('why.fact.none')}</>;
  const field = measuredField(rule, catalogue);
  const isAmount = fact.kind === 'sum' || fact.kind === 'average';
  const value =
    isAmount && field?.type === 'money'
      ? money(fact.number)
      : number(fact.number / (isAmount ? (field?.scale ?? 1) : 1), 1);
  return <>{t(`why.fact.${fact.kind ?? 'count'}`, { value, name: field?.label ?? '' })}</>;
}

function Node({ rule, path, facts, catalogue }: NodeProps) {
  const { t } = useTranslation(['segment', 'shared']);
  const fact = facts.get(path);
  const Icon = fact?.holds ? Check : X;
  return (
    <li>
      <div className={classes.rule}>
        <Icon
          size={15}
          className={fact?.holds ? classes.holds : classes.fails}
          aria-label={t(fact?.holds ? 'segment:why.holds' : 'segment:why.fails')}
        />
        <span>{isGroup(rule) ? t(`shared:filter.groupOf.${rule.op}`) : describeRule(rule, catalogue)}</span>
        {fact?.kind && isEvent(rule) && (
          <span className={classes.fact}>
            <Fact fact={fact} rule={rule} catalogue={catalogue} />
          </span>
        )}
      </div>
      {isGroup(rule) && (
        <ul className={classes.tree}>
          {rule.rules.map((inner, i) => (
            // Rules have no identity of their own; their place in the group is one.
            // oxlint-disable-next-line react/no-array-index-key
            <Node key={i} rule={inner} path={`${path}.rules[${i}]`} facts={facts} catalogue={catalogue} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** Why one customer is in a segment or not: every condition with what the customer's data come to. */
export function WhyPanel({
  segment,
  customer,
  catalogue,
}: {
  segment: Segment;
  customer: number;
  catalogue: Catalogue;
}) {
  const { t } = useTranslation('segment');
  const { dateTime } = useFormat();
  const { data, error, refetch } = useQuery(whyQuery(segment.id, customer));
  if (error) return <ErrorState fault={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={3} />;
  const facts = new Map(data.rules.map((fact) => [fact.path, fact]));
  return (
    <div className={classes.main} data-testid="segment-why" style={{ marginTop: 14 }}>
      <div className={classes.state}>
        <Status tone={data.is_in ? 'teal' : 'grey'}>{t(data.is_in ? 'why.in' : 'why.out')}</Status>
        <Link to="/customers/$id" params={{ id: String(customer) }}>
          {t('live.nameless', { id: customer })}
        </Link>
      </div>
      <ul className={`${classes.tree} ${classes.root}`}>
        <Node rule={segment.rules} path="rules" facts={facts} catalogue={catalogue} />
      </ul>
      {data.moves.length > 0 && (
        <div>
          <strong>{t('why.moves')}</strong>
          {data.moves.slice(0, 5).map((move) => (
            <div key={`${move.at}${move.is_in}`} className="dim">
              {dateTime(move.at)} · {t(move.is_in ? 'moves.in' : 'moves.out')} · {t(`moves.cause.${move.cause}`)}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
