// SPDX-License-Identifier: Apache-2.0

package demo

// Account is a member of staff of the demo company; the app gives the password.
type Account struct {
	Name   string `json:"name"`
	Latin  string `json:"latin"`
	Email  string `json:"email"`
	Role   string `json:"role"`   // administrator, marketer, analyst, agent, sales, executive
	Branch string `json:"branch"` // set when the person sees one branch only
}

// Accounts returns the demo staff, one for each role. The domain is reserved and takes no mail (RFC 2606).
func Accounts() []Account {
	return []Account{
		{Name: "김도현", Latin: "Kim Dohyun", Email: "admin@ondam.example", Role: "administrator"},
		{Name: "이서연", Latin: "Lee Seoyeon", Email: "marketer@ondam.example", Role: "marketer"},
		{Name: "박지훈", Latin: "Park Jihoon", Email: "analyst@ondam.example", Role: "analyst"},
		{Name: "정미경", Latin: "Jung Mikyung", Email: "agent@ondam.example", Role: "agent"},
		{Name: "최강호", Latin: "Choi Kangho", Email: "sales@ondam.example", Role: "sales", Branch: "강남점"},
		{Name: "남궁현정", Latin: "Namgung Hyunjung", Email: "executive@ondam.example", Role: "executive"},
	}
}
