// SPDX-License-Identifier: Apache-2.0

// Package saved keeps what people save under a name of their own and may share:
// dashboards, statements, subscriptions.
//
// Words: a document is a name, an owner and a content; its version tells whether
// somebody else changed it meanwhile; shared means that others may open it.
// Uses: auth, database, fault. It offers Shelf, which lists, finds, saves and
// deletes documents of one kind; each change is noted by whoever owns the kind.
package saved
