// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Modal, Select, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/app/api';
import { tellFault } from '@/app/faults';
import { tell } from '@/shared/page';
import { alikeQuery, createCustomer } from '../api';
import { useCustomerFields } from '../fields';
import { AlikeWarning } from './AlikeWarning';

interface NewCustomerDialogProps {
  opened: boolean;
  onClose: () => void;
  onCreated: (id: number) => void;
}

const asked = ['mobile', 'email', 'birth_on', 'sex', 'address', 'company', 'grade', 'memo'];

/** The fields that tell who somebody is, as far as they are typed. */
function telling(values: Record<string, string>): Record<string, string> {
  const names = ['full_name', 'mobile', 'email', 'birth_on', 'address', 'company'];
  return Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
}

/** The customer that the new one doubles: its id, 1 when the server does not tell, nothing for other faults. */
function known(fault: unknown): number | undefined {
  if (!(fault instanceof ApiError) || fault.code !== 'customer.exists') return undefined;
  return Number(fault.fields.other_id ?? 1);
}

/** Registers a customer by hand; the server looks for the same person by itself. */
export function NewCustomerDialog({ opened, onClose, onCreated }: NewCustomerDialogProps) {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  const fields = useCustomerFields();
  const form = useForm<Record<string, string>>({ initialValues: { kind: 'person' } });
  const [typed] = useDebouncedValue(form.values, 300);
  const alike = useQuery({ ...alikeQuery(telling(typed)), enabled: opened && Object.keys(telling(typed)).length > 1 });
  const shown = alike.data?.items ?? [];
  const create = useMutation({
    mutationFn: ({ values, allow }: { values: Record<string, string>; allow?: boolean }) =>
      createCustomer({
        ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')),
        ...(allow ? { allow_double: true } : {}),
        // Staff has seen them and says that this is somebody else.
        ...(shown.length > 0 ? { apart_from: shown.map((one) => one.customer.id) } : {}),
      }),
    meta: { quiet: true },
    onError: (fault) => !known(fault) && tellFault(fault),
    onSuccess: (made) => {
      tell(t('new.created'));
      form.reset();
      onClose();
      void queries.invalidateQueries({ queryKey: ['customers'] });
      onCreated(made.id);
    },
  });
  const double = known(create.error);
  const kinds = fields.find((field) => field.name === 'kind')?.choices ?? [];
  return (
    <Modal opened={opened} onClose={onClose} title={t('new.title')} size={520}>
      <form onSubmit={form.onSubmit((values) => create.mutate({ values }))} style={{ display: 'grid', gap: 12 }}>
        <Group grow align="start" gap={12}>
          <TextInput
            label={t('field.full_name')}
            required
            data-autofocus
            {...form.getInputProps('full_name')}
            value={form.values.full_name ?? ''}
          />
          <Select label={t('field.kind')} data={kinds} allowDeselect={false} {...form.getInputProps('kind')} />
        </Group>
        <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))', gap: 12 }}>
          {asked.map((name) => {
            const field = fields.find((f) => f.name === name);
            if (!field) return null;
            const input = form.getInputProps(name);
            if (field.type === 'date') {
              return (
                <DateInput
                  key={name}
                  label={field.label}
                  placeholder="YYYY-MM-DD"
                  clearable
                  value={form.values[name] || null}
                  onChange={(day) => form.setFieldValue(name, day ?? '')}
                />
              );
            }
            return field.choices ? (
              <Select
                key={name}
                label={field.label}
                data={field.choices}
                clearable
                {...input}
                value={form.values[name] ?? null}
                onChange={(v) => form.setFieldValue(name, v ?? '')}
              />
            ) : (
              <TextInput
                key={name}
                label={field.label}
                inputMode={field.type === 'phone' ? 'tel' : field.type === 'email' ? 'email' : undefined}
                {...input}
                value={form.values[name] ?? ''}
              />
            );
          })}
        </div>
        {!double && <AlikeWarning alike={shown} onOpen={onCreated} />}
        {double && (
          <Alert color="amber" title={t('new.exists')}>
            <Group gap={8} mt={4}>
              {double > 1 && (
                <Button size="xs" variant="default" onClick={() => onCreated(double)}>
                  {t('new.openExisting')}
                </Button>
              )}
              <Button size="xs" variant="subtle" onClick={() => create.mutate({ values: form.values, allow: true })}>
                {t('new.anyway')}
              </Button>
            </Group>
          </Alert>
        )}
        <p className="dim" style={{ margin: 0, fontSize: 12 }}>
          {t('new.hint')}
        </p>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('new.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('new.submit')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
