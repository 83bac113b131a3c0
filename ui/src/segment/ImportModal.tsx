// SPDX-License-Identifier: Apache-2.0
import { Button, FileButton, Modal, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import { useFormat } from '@/shared/format';
import { isMaskedFault, tell, UnmaskButton } from '@/shared/page';
import { importKeys, schemesQuery, type Imported } from './api';
import classes from './Segment.module.css';

const keysOf = (text: string) =>
  text
    .split(/[\r\n,;\t]+/)
    .map((key) => key.trim().replace(/^"|"$/g, ''))
    .filter(Boolean);

/** What a list came to, with the keys that nobody has given back. */
function Outcome({ found }: { found: Imported }) {
  const { t } = useTranslation('segment');
  const { number } = useFormat();
  return (
    <div className={classes.main} role="status" data-testid="import-outcome">
      <div>
        {t('import.found', {
          given: number(found.given),
          found: number(found.found),
          customers: number(found.customers),
        })}
        {found.several > 0 && <> {t('import.several', { count: found.several, shown: number(found.several) })}</>}
      </div>
      {found.unmatched_count > 0 && (
        <Textarea
          label={t('import.unmatched', { count: found.unmatched_count, shown: number(found.unmatched_count) })}
          description={
            found.unmatched_count > found.unmatched.length
              ? t('import.first', { count: found.unmatched.length })
              : undefined
          }
          value={found.unmatched.join('\n')}
          readOnly
          autosize
          minRows={2}
          maxRows={6}
        />
      )}
    </div>
  );
}

/** Makes a segment of a list of keys: pasted, or from a file. */
export function ImportModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('segment');
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { data: schemes } = useQuery({ ...schemesQuery, enabled: opened });
  const [name, setName] = useState('');
  const [by, setBy] = useState('id');
  const [text, setText] = useState('');
  const keys = keysOf(text);
  const trial = useMutation({ mutationFn: () => importKeys({ name, by, keys, trial: true }) });
  const save = useMutation({
    mutationFn: () => importKeys({ name: name.trim(), by, keys }),
    onSuccess: async ({ segment }) => {
      tell(t('saved'));
      await cache.invalidateQueries({ queryKey: ['segments'] });
      if (segment) await navigate({ to: '/segments/$id', params: { id: String(segment.id) } });
    },
  });
  const fault = trial.error ?? save.error;
  const kinds = [
    { value: 'id', label: t('import.id') },
    ...(schemes?.items ?? []).filter((s) => s.kind === 'declared').map((s) => ({ value: s.name, label: s.label })),
    { value: 'email', label: t('import.email') },
    { value: 'mobile', label: t('import.mobile') },
  ];
  const changed = (set: () => void) => {
    set();
    trial.reset();
    save.reset();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t('import.title')} size={560}>
      <div className={classes.main}>
        <TextInput
          label={t('name')}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          maxLength={100}
          data-autofocus
        />
        <Select
          label={t('import.by')}
          data={kinds}
          value={by}
          allowDeselect={false}
          onChange={(next) => next && changed(() => setBy(next))}
        />
        <Textarea
          label={t('import.keys')}
          description={t('import.keysHint')}
          value={text}
          onChange={(e) => {
            const { value } = e.currentTarget;
            changed(() => setText(value));
          }}
          rows={6}
          styles={{ input: { fontVariantNumeric: 'tabular-nums' } }}
        />
        <div>
          <FileButton
            accept=".txt,.csv,text/plain,text/csv"
            onChange={(file) => void file?.text().then((content) => changed(() => setText(content)))}
          >
            {(props) => (
              <Button {...props} variant="default" size="xs" leftSection={<Upload size={13} />}>
                {t('import.file')}
              </Button>
            )}
          </FileButton>
        </div>
        {trial.data && <Outcome found={trial.data} />}
        {fault && (
          <div role="alert" className={classes.problem}>
            {faultText(fault)} {isMaskedFault(fault) && <UnmaskButton />}
          </div>
        )}
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button
            variant="default"
            disabled={keys.length === 0}
            loading={trial.isPending}
            onClick={() => trial.mutate()}
          >
            {t('import.try')}
          </Button>
          <Button disabled={keys.length === 0 || !name.trim()} loading={save.isPending} onClick={() => save.mutate()}>
            {t('import.do')}
          </Button>
        </div>
        <div className="dim">
          {t('import.large')} <Link to="/import">{t('import.largeLink')}</Link>
        </div>
      </div>
    </Modal>
  );
}
