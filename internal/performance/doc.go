// SPDX-License-Identifier: Apache-2.0

// Package performance measures what campaigns brought: cost, revenue against the
// control group, lift, return, with intervals and in words.
//
// Words: an Arm is treatment or control; a Difference is treatment minus control
// with its 95 % interval; incremental means "would not have happened without the
// campaign"; intention to treat counts everybody assigned to an arm, whether the
// message reached them or not; a Verdict is the result as a code that the
// screens put into words.
// Uses: campaign (types), database; purchases through an interface that order implements.
// Offers: Compare (pure arithmetic), results of campaigns, costs.
package performance
