// SPDX-License-Identifier: Apache-2.0

// Package auth answers one question for page, API, export, cube and search
// alike: may this person do this to this row and this field?
//
// Words: a Person is who acts (staff, an API token of theirs, or the system);
// a permission is "capability:action"; a Scope says which rows; clear means
// personal values are shown unmasked, for a purpose and a limited time.
//
// It uses database for sessions, tokens and known devices, and a Directory
// (the team capability) for who people are and what their roles allow now.
// It offers From and Check for services, ScopeSQL for stores, CanSeeClear for
// masking, System and ActAs for jobs, and Service for sign-in.
package auth
