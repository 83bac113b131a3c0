// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strconv"
	"time"
)

// campaign is a past campaign of the marketing department.
type campaign struct {
	code, name, channel string
	start, length       int // day of the window, days until evaluation
	category            int
	percent             int // discount of the coupon
	fixedCost, unitCost int
	audience            int
}

// Audiences of past campaigns, chosen by what marketers knew then.
const (
	audienceAll = iota
	audienceFans
	audienceLapsed
	audienceYoung
	audienceCount
)

var campaignPlan = []struct {
	name, channel string
	category      int
	percent       int
	audience      int
}{
	{"설 선물 사전예약", "email", health, 15, audienceAll},
	{"새봄 옷장 정리", "email", womenswear, 20, audienceFans},
	{"다시 만나요 쿠폰", "email", grocery, 20, audienceLapsed},
	{"가정의 달 아이 선물", "sms", childcare, 10, audienceFans},
	{"여름 이불 특가", "email", bedding, 25, audienceAll},
	{"휴가철 간식 1+1", "sms", snacks, 15, audienceYoung},
	{"추석 선물 얼리버드", "dm", health, 15, audienceFans},
	{"가을 남성복 신상", "email", menswear, 15, audienceFans},
	{"연말 홈파티", "email", decoration, 20, audienceYoung},
	{"겨울 패딩 감사제", "sms", womenswear, 20, audienceAll},
	{"새해 살림 장만", "email", kitchen, 15, audienceAll},
}

// campaignEvery is the distance between two campaigns; plan entries repeat in turn over the two years.
const campaignEvery = 41

func newCampaigns(c *calendar) []campaign {
	var list []campaign
	for i, day := 0, 30; day+21 < windowDays; i, day = i+1, day+campaignEvery {
		plan := campaignPlan[i%len(campaignPlan)]
		unit := map[string]int{"email": 4, "sms": 22, "dm": 780}[plan.channel]
		list = append(list, campaign{
			code: "CP" + c.text[day][2:4] + c.text[day][5:7] + "-" + strconv.Itoa(i+1), name: c.text[day][:4] + " " + plan.name, channel: plan.channel,
			start: day, length: 14, category: plan.category, percent: plan.percent, audience: plan.audience, unitCost: unit, fixedCost: 300000 + 50000*(i%5),
		})
	}
	return list
}

func campaignsCSV(list []campaign, c *calendar) []byte {
	b := []byte("\ufeff캠페인코드,캠페인명,채널,시작일,종료일,대상분류,할인율,고정비,건당비용,대조군비율\r\n")
	labels := map[string]string{"email": "이메일", "sms": "문자", "dm": "우편"}
	part := categoryNames()
	for i := range list {
		k := &list[i]
		end := c.start.AddDate(0, 0, k.start+k.length-1).Format(time.DateOnly)
		b = appendRow(b, k.code, k.name, labels[k.channel], c.text[k.start], end, part[k.category], strconv.Itoa(k.percent), strconv.Itoa(k.fixedCost), strconv.Itoa(k.unitCost), "15")
	}
	return b
}

// Kinds of people in the sense of uplift modelling: who buys because of a message, who would have bought
// anyway, whom nothing moves, and whom a message drives away.
const (
	persuadable = iota
	sureThing
	lostCause
	sleepingDog
)

// controlShare of each audience is held back.
const controlShare = 0.15

// campaigns decides who was in which campaign, writes the target rows, and notes the orders that happened (or
// did not) because of it: this is the true uplift that good analysis can find again.
func (b *behaviour) campaigns(w *world, p *person, memberNumber string, out *chunk) {
	for i := range w.campaigns {
		k := &w.campaigns[i]
		if p.joinDay >= k.start || !b.isConsenting || !b.inAudience(w, p, k) || !b.r.chance(0.7) {
			continue
		}
		isControl := b.r.chance(controlShare)
		out.count[countTargets]++
		delivered, opened, clicked := !b.r.chance(0.03), false, false
		if !isControl && delivered {
			gain := b.gain(k)
			switch {
			case b.response == sleepingDog:
				b.quiet = append(b.quiet, k)
			case b.r.chance(gain) && k.start < b.endDay:
				b.caused = append(b.caused, causedOrder{k.start + min(b.r.intn(k.length), b.r.intn(k.length)), i})
				clicked = b.r.chance(0.8)
				out.count[countCaused]++
			default:
				clicked = b.r.chance(0.025)
			}
			opened = clicked || b.r.chance(0.24)
		}
		b.target(w, k, memberNumber, isControl, delivered, opened, clicked, out)
	}
}

func (b *behaviour) inAudience(w *world, p *person, k *campaign) bool {
	switch k.audience {
	case audienceFans:
		return b.taste[k.category] > 1.1
	case audienceLapsed:
		return b.endDay < k.start+60 || b.rate < 0.5
	case audienceYoung:
		return p.age(w.until) < 42
	default:
		return true
	}
}

// gain is the chance that the message causes one more order.
func (b *behaviour) gain(k *campaign) float64 {
	switch b.response {
	case persuadable:
		return min(0.45, (0.08+0.24*b.sensitivity*float64(k.percent)/20)*(0.5+min(1.5, b.taste[k.category])))
	case sureThing:
		return 0.012
	default:
		return 0.002
	}
}

func (b *behaviour) target(w *world, k *campaign, memberNumber string, isControl, delivered, opened, clicked bool, out *chunk) {
	if memberNumber == "" {
		return
	}
	group, result, sentAt, openedAt, clickedAt := "발송", "성공", w.calendar.text[k.start]+" 10:00:00", "", ""
	if isControl {
		group, result, sentAt = "대조군", "", ""
	} else if !delivered {
		result = "반송"
	}
	if k.channel == "email" && opened {
		openedAt = w.calendar.text[k.start] + clock(b.r.between(10*60+2, 23*60+50))
	}
	if k.channel != "dm" && clicked {
		clickedAt = w.calendar.text[k.start] + clock(b.r.between(10*60+5, 23*60+55))
	}
	f := &out.files[fileTargets]
	f.data = appendRow(f.data, k.code, memberNumber, group, sentAt, result, openedAt, clickedAt)
	f.rows++
}

// clock writes " HH:MM:00" from minutes of the day.
func clock(minutes int) string {
	b := append(make([]byte, 0, 9), ' ')
	b = append(two(b, minutes/60), ':')
	return string(append(two(b, minutes%60), ":00"...))
}
