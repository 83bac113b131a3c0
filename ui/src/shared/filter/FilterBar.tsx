// SPDX-License-Identifier: Apache-2.0
import { Button, Modal, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ListFilter, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldPicker } from './FieldPicker';
import { RuleChip } from './RuleChip';
import { isGroup, type Catalogue, type GroupRule } from './rules';
import { RuleTree } from './RuleTree';
import { addAt, replaceAt } from './tree';
import classes from './Rules.module.css';

interface FilterBarProps {
  catalogue: Catalogue;
  value: GroupRule | undefined;
  onChange: (value: GroupRule | undefined) => void;
}

const none: GroupRule = { op: 'and', rules: [] };

/** Filters as chips that are edited in place; "advanced" opens the nested builder. */
export function FilterBar({ catalogue, value, onChange }: FilterBarProps) {
  const { t } = useTranslation('shared');
  const root = value ?? none;
  const [adding, add] = useDisclosure(false);
  const [draft, setDraft] = useState<GroupRule>();
  const [fresh, setFresh] = useState<number>();
  const change = (next: GroupRule) => onChange(next.rules.length > 0 ? next : undefined);
  const simple = root.op === 'and';
  const chips = simple ? root.rules : [root];

  return (
    <div className={classes.bar} role="group" aria-label={t('filter.filters')}>
      {chips.map((rule, i) => (
        <RuleChip
          // Rules have no identity of their own; their place in the group is one.
          // oxlint-disable-next-line react/no-array-index-key
          key={i}
          rule={rule}
          catalogue={catalogue}
          startOpen={i === fresh}
          onChange={(next) => {
            setFresh(undefined);
            change(replaceAt(root, [i], () => next));
          }}
          onAdvanced={() => setDraft(root)}
          onRemove={() => (simple ? change(replaceAt(root, [i], () => undefined)) : onChange(undefined))}
        />
      ))}
      <Popover opened={adding} onChange={add.toggle} position="bottom-start" width={260} trapFocus>
        <Popover.Target>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<ListFilter size={14} />}
            onClick={add.toggle}
          >
            {t('filter.filter')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p={8}>
          <FieldPicker
            catalogue={{ ...catalogue, events: [], segments: catalogue.segments }}
            onPick={(rule) => {
              add.close();
              const base = simple ? root : { op: 'and' as const, rules: [root] };
              setFresh(base.rules.length);
              change(addAt(base, [], rule));
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {root.rules.length > 0 && (
        <>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<SlidersHorizontal size={14} />}
            onClick={() => setDraft(root)}
          >
            {t('filter.advanced')}
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => onChange(undefined)}>
            {t('filter.clear')}
          </Button>
        </>
      )}
      <Modal opened={draft !== undefined} onClose={() => setDraft(undefined)} title={t('filter.advanced')} size={820}>
        {draft && (
          <div style={{ display: 'grid', gap: 16 }}>
            <RuleTree catalogue={catalogue} value={draft} onChange={setDraft} />
            <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
              <Button variant="default" onClick={() => setDraft(undefined)}>
                {t('cancel')}
              </Button>
              <Button
                onClick={() => {
                  change(
                    draft.rules.length === 1 && draft.rules[0] && isGroup(draft.rules[0]) ? draft.rules[0] : draft,
                  );
                  setDraft(undefined);
                }}
              >
                {t('apply')}
              </Button>
            </div>
          </div>
        )}
      </Modal>
    </div>
  );
}
