// SPDX-License-Identifier: Apache-2.0

/** The mark of the product: the first letter of 단골 closing around a person. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#3e63dd" />
      <path
        d="M21.5 9.5h-8a3 3 0 0 0-3 3v7a3 3 0 0 0 3 3h8"
        fill="none"
        stroke="#fff"
        strokeWidth="3.2"
        strokeLinecap="round"
      />
      <circle cx="21" cy="16" r="2.1" fill="#9db2ff" />
    </svg>
  );
}
