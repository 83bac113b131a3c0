// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';
import { useLatest } from '../useLatest';
import type { Command } from '../capability';

const page = new Map<symbol, Command[]>();

/** The commands that the present page adds to the palette. */
export function pageCommands(): Command[] {
  return [...page.values()].flat();
}

/** Adds commands to the palette as long as the component is on the screen. */
export function useCommands(commands: Command[]): void {
  const latest = useLatest(commands);
  const signature = commands.map((command) => command.id).join('\n');
  useEffect(() => {
    const id = Symbol(signature);
    page.set(
      id,
      latest.current.map((command, i) => ({ ...command, run: command.run && (() => latest.current[i]?.run?.()) })),
    );
    return () => {
      page.delete(id);
    };
  }, [signature, latest]);
}
