// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maxCustomers keeps telephone and member numbers unique within their ranges.
const maxCustomers = 20_000_000

// Options say how large the company is and where its exports go.
type Options struct {
	Customers int       // true persons of the latent population
	Seed      uint64    // the same seed gives the same bytes
	Dir       string    // folder of the exports, made when missing
	TruthFile string    // file,row,person_id,household_id; not written when empty; must lie outside Dir
	Until     time.Time // last day of the order history; 20 November 2026 when zero
	Orders    float64   // mean number of orders per person in two years; 8 when zero, none when negative
}

// Label is a text in both languages of the product.
type Label struct {
	Ko string `json:"ko"`
	En string `json:"en"`
}

func (l Label) pick(locale string) string {
	if locale == "ko" {
		return l.Ko
	}
	return l.En
}

// File is one export with what the intake needs to know to load it.
type File struct {
	Name        string   `json:"name"`
	Path        string   `json:"path"`
	Source      string   `json:"source"` // name of the source system
	SourceLabel Label    `json:"source_label"`
	Department  Label    `json:"department"`
	Trust       int      `json:"trust"`    // 0…100, for survivorship
	Kind        string   `json:"kind"`     // products, customers, transactions, campaigns, campaign_targets
	Keys        []string `json:"keys"`     // columns that hold keys of one person or thing; the same scheme wherever the column name is the same
	Encoding    string   `json:"encoding"` // utf-8-bom, utf-8, cp949, xlsx, vcard
	HeaderRows  int      `json:"header_rows"`
	Rows        int64    `json:"rows"`
}

// Company is what was generated: the files in the order to load them, and the rates counted.
type Company struct {
	Name    Label         `json:"name"`
	Files   []File        `json:"files"`
	Rates   []Rate        `json:"rates"`
	People  int64         `json:"people"`
	Records int64         `json:"records"`
	Orders  int64         `json:"orders"`
	Lines   int64         `json:"lines"`
	Took    time.Duration `json:"-"`
}

// Positions of the files in load order.
const (
	fileProducts = iota
	fileMembers
	fileStores
	fileOnline
	fileCalls
	fileSales
	fileOrdersMember
	fileOrdersStore
	fileOrdersOnline
	fileCampaigns
	fileTargets
	fileCount
)

const ordersHeader = "주문번호,품목번호,주문일시,%s,주문처,상품코드,수량,판매가,할인금액,쿠폰할인,결제금액,주문상태,캠페인코드\r\n"

func fileTable() []File {
	members, stores, online := Label{"멤버십 회원", "Loyalty members"}, Label{"매장 고객관리", "Store customer cards"}, Label{"온라인몰", "Online shop"}
	marketing, shops, commerce := Label{"마케팅팀", "Marketing"}, Label{"매장운영팀", "Stores"}, Label{"이커머스팀", "E-commerce"}
	campaignsLabel := Label{"지난 캠페인", "Past campaigns"}
	return []File{
		{Name: "products.csv", Source: "products", SourceLabel: Label{"상품 마스터", "Product master"}, Department: Label{"상품기획팀", "Merchandising"}, Trust: 90, Kind: "products", Keys: []string{"상품코드"}, Encoding: "utf-8-bom", HeaderRows: 1},
		{Name: "members.csv", Source: "members", SourceLabel: members, Department: marketing, Trust: 90, Kind: "customers", Keys: []string{"회원번호", "카드번호"}, Encoding: "utf-8-bom", HeaderRows: 1},
		{Name: "stores.csv", Source: "stores", SourceLabel: stores, Department: shops, Trust: 50, Kind: "customers", Keys: []string{"고객번호", "카드번호"}, Encoding: "cp949", HeaderRows: 1},
		{Name: "online.csv", Source: "online", SourceLabel: online, Department: commerce, Trust: 70, Kind: "customers", Keys: []string{"온라인계정", "통합회원번호"}, Encoding: "utf-8", HeaderRows: 1},
		{Name: "callcenter.xlsx", Source: "callcenter", SourceLabel: Label{"고객센터", "Call center"}, Department: Label{"고객센터", "Customer service"}, Trust: 60, Kind: "customers", Keys: []string{"회원번호"}, Encoding: "xlsx", HeaderRows: 3},
		{Name: "sales.vcf", Source: "sales", SourceLabel: Label{"영업 주소록", "Sales address books"}, Department: Label{"법인영업팀", "Corporate sales"}, Trust: 65, Kind: "customers", Encoding: "vcard"},
		{Name: "orders_member.csv", Source: "members", SourceLabel: members, Department: marketing, Trust: 90, Kind: "transactions", Keys: []string{"회원번호"}, Encoding: "utf-8-bom", HeaderRows: 1},
		{Name: "orders_store.csv", Source: "stores", SourceLabel: stores, Department: shops, Trust: 50, Kind: "transactions", Keys: []string{"카드번호"}, Encoding: "cp949", HeaderRows: 1},
		{Name: "orders_online.csv", Source: "online", SourceLabel: online, Department: commerce, Trust: 70, Kind: "transactions", Keys: []string{"온라인계정"}, Encoding: "utf-8-bom", HeaderRows: 1},
		{Name: "campaigns.csv", Source: "campaigns", SourceLabel: campaignsLabel, Department: marketing, Trust: 90, Kind: "campaigns", Keys: []string{"캠페인코드"}, Encoding: "utf-8-bom", HeaderRows: 1},
		{Name: "campaign_targets.csv", Source: "campaigns", SourceLabel: campaignsLabel, Department: marketing, Trust: 90, Kind: "campaign_targets", Keys: []string{"회원번호"}, Encoding: "utf-8-bom", HeaderRows: 1},
	}
}

func headerOf(file int) string {
	switch file {
	case fileMembers:
		return membersHeader
	case fileStores:
		return toCP949(storesHeader)
	case fileOnline:
		return onlineHeader
	case fileOrdersMember:
		return "\ufeff" + fmt.Sprintf(ordersHeader, "회원번호")
	case fileOrdersStore:
		return toCP949(fmt.Sprintf(ordersHeader, "카드번호"))
	case fileOrdersOnline:
		return "\ufeff" + fmt.Sprintf(ordersHeader, "온라인계정")
	case fileTargets:
		return "\ufeff캠페인코드,회원번호,구분,발송일시,결과,열람일시,클릭일시\r\n"
	}
	return ""
}

// Generate writes all exports of the demo company and returns their list and the rates counted. On an error it
// removes the files it has begun.
func Generate(ctx context.Context, options Options) (Company, error) {
	began := time.Now()
	if err := options.check(); err != nil {
		return Company{}, err
	}
	if err := os.MkdirAll(options.Dir, 0o755); err != nil {
		return Company{}, fmt.Errorf("make the folder of the exports: %w", err)
	}
	company := Company{Name: Label{"온담상회", "Ondam Store"}, Files: fileTable(), People: int64(options.Customers)}
	for i := range company.Files {
		company.Files[i].Path = filepath.Join(options.Dir, company.Files[i].Name)
	}
	w := newWorld(options)
	if err := w.run(ctx, options, &company); err != nil {
		return Company{}, fmt.Errorf("generate the demo company: %w", err)
	}
	company.Took = time.Since(began)
	return company, nil
}

func (o *Options) check() error {
	if o.Customers < 0 || o.Customers > maxCustomers {
		return fmt.Errorf("customers must be between 0 and %d, not %d", maxCustomers, o.Customers)
	}
	if o.Dir == "" {
		return errors.New("a folder for the exports is needed")
	}
	if o.Until.IsZero() {
		o.Until = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	}
	o.Until = time.Date(o.Until.Year(), o.Until.Month(), o.Until.Day(), 0, 0, 0, 0, time.UTC)
	if o.Orders == 0 {
		o.Orders = 8
	}
	if o.TruthFile == "" {
		return nil
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return fmt.Errorf("find the folder of the exports: %w", err)
	}
	truth, err := filepath.Abs(o.TruthFile)
	if err != nil {
		return fmt.Errorf("find the truth file: %w", err)
	}
	// The product reads the folder; the truth in it would make every measure of matching worthless.
	if inside, err := filepath.Rel(dir, truth); err == nil && inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
		return fmt.Errorf("the truth file %s must lie outside the folder of the exports %s", truth, dir)
	}
	return nil
}
