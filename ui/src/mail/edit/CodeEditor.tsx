// SPDX-License-Identifier: Apache-2.0
import { useImperativeHandle, useMemo, useRef, type Ref } from 'react';
import { pieces } from './highlight';
import styles from './Editor.module.css';

/** What the page may do with the editor. */
export interface CodeHandle {
  insert: (text: string) => void;
}

interface CodeEditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  handle?: Ref<CodeHandle>;
  placeholder?: string;
  /** Draws tags and merge fields in colour. */
  coloured?: boolean;
}

/** A plain text area with line numbers; its colours lie behind it, so the browser's own editing stays whole. */
export function CodeEditor({ label, value, onChange, handle, placeholder, coloured }: CodeEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(handle, () => ({
    insert: (text) => {
      const element = area.current;
      if (!element) return;
      element.focus();
      // The browser's own command keeps the text in its undo history.
      if (!document.execCommand('insertText', false, text)) {
        element.setRangeText(text, element.selectionStart, element.selectionEnd, 'end');
        onChange(element.value);
      }
    },
  }));
  const parts = useMemo(() => (coloured ? pieces(value) : []), [coloured, value]);
  const lines = value.split('\n').length;
  return (
    <div className={styles.code}>
      <div className={styles.lines} aria-hidden>
        {Array.from({ length: lines }, (_, i) => i + 1).join('\n')}
      </div>
      <div className={styles.sheet}>
        <pre className={styles.back} aria-hidden>
          {coloured
            ? parts.map((piece, i) => (
                // The pieces have no identity but their place.
                // oxlint-disable-next-line react/no-array-index-key
                <span key={i} data-kind={piece.kind}>
                  {piece.text}
                </span>
              ))
            : value}
          {'\n'}
        </pre>
        <textarea
          ref={area}
          className={styles.front}
          aria-label={label}
          placeholder={placeholder}
          value={value}
          spellCheck={false}
          autoCapitalize="off"
          wrap="off"
          data-coloured={coloured || undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </div>
    </div>
  );
}
