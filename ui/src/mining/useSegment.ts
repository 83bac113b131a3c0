// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from '@tanstack/react-router';
import type { GroupRule, Rule } from '@/shared/filter';

/** Opens a new segment with these rules: one click from a finding to its people. */
export function useSegment(): (name: string, ...rules: Rule[]) => void {
  const navigate = useNavigate();
  return (name, ...rules) => {
    const tree: GroupRule = { op: 'and', rules };
    void navigate({ to: '/segments/$id', params: { id: '0' }, search: { rules: tree, name } });
  };
}
