// SPDX-License-Identifier: Apache-2.0

/** What is sent to save a document: a new one, or one's own when it has an id. */
export interface SavedDraft<C> {
  id?: number;
  name: string;
  shared?: boolean;
  content: C;
  version?: number;
}

/** What every saved document has. */
export interface SavedHead {
  id: number;
  name: string;
  owner_id?: number;
  shared?: boolean;
  version: number;
}
