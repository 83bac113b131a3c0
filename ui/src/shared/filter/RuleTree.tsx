// SPDX-License-Identifier: Apache-2.0
import { Button, Popover, SegmentedControl, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { FolderInput, FolderOutput, Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EventRuleEditor } from './EventRuleEditor';
import { FieldPicker } from './FieldPicker';
import { FieldRuleEditor } from './FieldRuleEditor';
import { fieldRule, isEvent, isField, isGroup, isList, type Catalogue, type GroupRule, type Rule } from './rules';
import { addAt, DEEPEST, replaceAt, unwrapAt, wrapAt, type Path } from './tree';
import classes from './Rules.module.css';

interface RuleTreeProps {
  catalogue: Catalogue;
  value: GroupRule;
  onChange: (value: GroupRule) => void;
}

interface NodeProps extends RuleTreeProps {
  path: Path;
}

function AddRule({ catalogue, onAdd }: { catalogue: Catalogue; onAdd: (rule: Rule) => void }) {
  const { t } = useTranslation('shared');
  const [opened, popover] = useDisclosure(false);
  return (
    <Popover opened={opened} onChange={popover.toggle} position="bottom-start" width={260} trapFocus>
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" leftSection={<Plus size={13} />} onClick={popover.toggle}>
          {t('filter.add')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <FieldPicker
          catalogue={catalogue}
          onPick={(rule) => {
            popover.close();
            onAdd(rule);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function Leaf({ rule, catalogue, onChange }: { rule: Rule; catalogue: Catalogue; onChange: (rule: Rule) => void }) {
  const { t } = useTranslation('shared');
  if (isField(rule)) return <FieldRuleEditor rule={rule} fields={catalogue.fields} onChange={onChange} />;
  if (isEvent(rule)) return <EventRuleEditor rule={rule} catalogue={catalogue} onChange={onChange} />;
  if (isGroup(rule)) return null;
  if (isList(rule)) return <div className={classes.line}>{t('filter.inList')}</div>;
  return (
    <div className={classes.line}>
      <span>{t('filter.memberOf')}</span>
      <Select
        aria-label={t('filter.segment')}
        data={catalogue.segments.map((s) => ({ value: String(s.id), label: s.name }))}
        value={String(rule.segment)}
        searchable
        allowDeselect={false}
        onChange={(id) => id && onChange({ segment: Number(id) })}
        style={{ minWidth: 200 }}
      />
    </div>
  );
}

function Group({ catalogue, value: root, onChange, path, group }: NodeProps & { group: GroupRule }) {
  const { t } = useTranslation('shared');
  const top = path.length === 0;
  return (
    <div
      className={classes.group}
      data-nested={!top || undefined}
      role="group"
      aria-label={t(`filter.groupOf.${group.op}`)}
    >
      <div className={classes.groupHead}>
        <SegmentedControl
          aria-label={t('filter.join')}
          data={(['and', 'or', 'not'] as const).map((op) => ({ value: op, label: t(`filter.groupOf.${op}`) }))}
          value={group.op}
          onChange={(op) => onChange(replaceAt(root, path, () => ({ ...group, op: op as GroupRule['op'] })))}
        />
        {!top && (
          <button
            type="button"
            className={classes.remove}
            title={t('filter.ungroup')}
            aria-label={t('filter.ungroup')}
            onClick={() => onChange(unwrapAt(root, path))}
          >
            <FolderOutput size={14} aria-hidden />
          </button>
        )}
      </div>
      {group.rules.map((rule, i) => {
        const here = [...path, i];
        return (
          // Rules have no identity of their own; their place in the group is one.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={i} className={classes.node}>
            {i > 0 && <span className={classes.joint}>{t(group.op === 'or' ? 'filter.or' : 'filter.and')}</span>}
            <div className={classes.nodeBody}>
              {isGroup(rule) ? (
                <Group catalogue={catalogue} value={root} onChange={onChange} path={here} group={rule} />
              ) : (
                <Leaf
                  rule={rule}
                  catalogue={catalogue}
                  onChange={(next) => onChange(replaceAt(root, here, () => next))}
                />
              )}
              {!isGroup(rule) && path.length + 1 < DEEPEST && (
                <button
                  type="button"
                  className={classes.remove}
                  title={t('filter.group')}
                  aria-label={t('filter.group')}
                  onClick={() => onChange(wrapAt(root, here))}
                >
                  <FolderInput size={14} aria-hidden />
                </button>
              )}
              <button
                type="button"
                className={classes.remove}
                aria-label={t('filter.remove')}
                title={t('filter.remove')}
                onClick={() => onChange(replaceAt(root, here, () => undefined))}
              >
                <X size={14} aria-hidden />
              </button>
            </div>
          </div>
        );
      })}
      <div className={classes.adders}>
        <AddRule catalogue={catalogue} onAdd={(rule) => onChange(addAt(root, path, rule))} />
        {path.length + 1 < DEEPEST && catalogue.fields[0] && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<FolderInput size={13} />}
            onClick={() =>
              catalogue.fields[0] && onChange(addAt(root, path, { op: 'or', rules: [fieldRule(catalogue.fields[0])] }))
            }
          >
            {t('filter.addGroup')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The nested builder of rules: groups at most three deep, behaviour, other segments. */
export function RuleTree({ catalogue, value, onChange }: RuleTreeProps) {
  return <Group catalogue={catalogue} value={value} onChange={onChange} path={[]} group={value} />;
}
