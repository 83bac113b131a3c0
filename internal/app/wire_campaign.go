// SPDX-License-Identifier: Apache-2.0

package app

import (
	"dangol/internal/platform/job"
	"dangol/internal/platform/web"
)

// campaignRoutes registers the routes of all parts of the capability.
func (s *services) campaignRoutes(api web.API) {
	s.campaign.Routes(api)
	s.journey.Routes(api)
	s.offer.Routes(api)
}

func (s *services) campaignJobs(queue *job.Queue) {
	s.campaign.RegisterJobs(queue)
	s.journey.RegisterJobs(queue)
	s.offer.RegisterJobs(queue)
}
