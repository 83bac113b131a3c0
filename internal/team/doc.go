// SPDX-License-Identifier: Apache-2.0

// Package team is the staff: people, their roles, branches and API tokens, and
// the routes by which they sign in.
//
// Words: a person is a member of staff or of an outside agency; a role is a
// named list of permissions with a row scope (all, branch, own); a branch is a
// part of the company whose customers can be kept apart.
//
// It uses auth for passwords, sessions and tokens, and the journal. It offers
// the Directory that auth asks for what people may do now.
package team
