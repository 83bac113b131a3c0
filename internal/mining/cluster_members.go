// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"strconv"

	"dangol/internal/platform/warehouse"
)

// clusterTable holds who is in which group of the latest run.
const clusterTable = "cluster_members"

var clusterShapes = []string{"CAST(%s AS BIGINT) AS customer_id", "CAST(%s AS BIGINT) AS number", "CAST(%s AS BIGINT) AS run_id"}

// writeMembers notes who is in which group, so that a group can become a
// segment; rows are the places of the grouped in ids.
func (s *Service) writeMembers(ctx context.Context, runID int64, ids []int64, rows []int, of []int32) error {
	columns := make([][]string, len(clusterShapes))
	for i, row := range rows {
		columns[0] = append(columns[0], strconv.FormatInt(ids[row], 10))
		columns[1] = append(columns[1], strconv.Itoa(int(of[i])+1))
		columns[2] = append(columns[2], strconv.FormatInt(runID, 10))
	}
	if err := s.writeColumns(ctx, clusterTable, clusterShapes, columns...); err != nil {
		return fmt.Errorf("write members of groups: %w", err)
	}
	return nil
}

// clusterCube is the group of a customer as fields.
func clusterCube() warehouse.Cube {
	dim := func(name, column, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: warehouse.KindInteger, FilterOnly: true, Label: warehouse.Text{Ko: ko, En: en}}
	}
	return warehouse.Cube{
		Name: "cluster", Label: warehouse.Text{Ko: "고객 무리", En: "Cluster"}, Table: clusterTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
		Dimensions: []warehouse.Dimension{
			dim("cluster_number", "number", "고객 무리 번호", "Number of the cluster"), dim("cluster_run", "run_id", "고객 무리 결과 번호", "Result the clusters are of"),
		},
	}
}
