// SPDX-License-Identifier: Apache-2.0

package demo

import "strings"

// familyTable holds family names with their share in per cent (F-NAME-2; the census of 2015 for the first five,
// rounded for the rest) and the usual romanised spellings, the most frequent first.
const familyTable = `김 21.5 Kim,Gim|이 14.7 Lee,Yi,Rhee|박 8.4 Park,Pak,Bak|최 4.7 Choi,Choe,Choy|정 4.3 Jung,Jeong,Chung|강 2.4 Kang,Gang|
조 2.1 Cho,Jo|윤 2.05 Yoon,Yun,Youn|장 2.0 Jang,Chang|임 1.66 Lim,Im,Rim|한 1.56 Han|오 1.54 Oh,O|서 1.51 Seo,Suh|신 1.49 Shin,Sin|권 1.42 Kwon,Gwon|
황 1.4 Hwang|안 1.38 Ahn,An|송 1.38 Song|유 1.29 Yoo,Yu,You|전 1.13 Jeon,Jun,Chun|홍 1.13 Hong|고 0.95 Ko,Go,Koh|문 0.93 Moon,Mun|양 0.93 Yang|
손 0.92 Son,Sohn|배 0.81 Bae,Pae|백 0.77 Baek,Paik|허 0.66 Heo,Hur,Huh|노 0.64 Noh,Roh,No|남 0.55 Nam|심 0.55 Shim,Sim|하 0.46 Ha|성 0.4 Sung,Seong|
차 0.39 Cha|주 0.39 Joo,Ju|우 0.39 Woo,U|구 0.39 Koo,Gu|곽 0.38 Kwak,Gwak|류 0.35 Ryu,Yoo|민 0.34 Min|나 0.32 Na|진 0.31 Jin|지 0.31 Ji,Jee|
엄 0.29 Um,Eom|채 0.26 Chae|원 0.26 Won|천 0.24 Cheon,Chun|방 0.19 Bang|공 0.18 Kong,Gong|현 0.18 Hyun,Hyeon|변 0.17 Byun,Byeon|함 0.16 Ham|
염 0.14 Yeom,Yum|여 0.12 Yeo|추 0.12 Choo,Chu|도 0.11 Do|석 0.11 Seok,Suk|소 0.1 So|선 0.09 Sun,Seon|설 0.08 Seol|마 0.08 Ma|길 0.08 Gil,Kil|
연 0.06 Yeon|위 0.06 Wi|표 0.06 Pyo|명 0.05 Myung|기 0.05 Ki|반 0.05 Ban|라 0.03 Ra|남궁 0.04 Namgung,Namkoong|황보 0.02 Hwangbo|제갈 0.01 Jegal|
사공 0.01 Sagong|선우 0.006 Sunwoo|서문 0.004 Seomun|독고 0.002 Dokgo|동방 0.001 Dongbang`

// cohortTable holds given names by birth cohort: frequent whole names, then first and second syllables, for men
// and women. The names of a decade tell an age: 영숙 and 서연 are a generation apart.
var cohortTable = []struct {
	before int // first year of birth of the next cohort
	male   string
	female string
}{
	{1950, "영수 영호 영식 영길 정웅 정남 병철 종수 상철 광수 재호 용호|영 정 병 종 상 광 재 용 춘 기 태 판|수 호 식 길 철 섭 구 만 덕 술 환 권", "영자 정자 순자 춘자 경자 옥자 명자 숙자 정순 말순 복순 순이|영 정 순 춘 경 옥 명 숙 복 말 금 분|자 순 숙 희 옥 례 임 남 녀 이 선 심"},
	{1960, "영수 영철 영호 성호 영식 정호 광수 상철 종호 병호 경수 재식|영 성 정 광 상 종 병 경 재 진 인 동|수 철 호 식 석 환 섭 규 근 만 구 태", "영숙 정숙 순자 영희 명숙 경숙 순옥 미자 영순 정희 복희 말자|영 정 순 명 경 미 복 옥 춘 금 인 은|숙 희 자 순 옥 애 례 선 임 란 남 화"},
	{1970, "영수 영호 성호 성수 영진 상훈 병철 경호 재영 기호 동수 승호|영 성 상 병 경 재 기 동 승 정 진 종|호 수 철 훈 진 식 환 석 일 규 우 열", "미숙 미경 영희 은숙 경희 정숙 현숙 미영 명희 은경 혜숙 영미|미 영 은 경 정 현 명 혜 선 인 금 순|숙 경 희 영 미 자 옥 순 주 선 화 란"},
	{1980, "정훈 성호 상훈 성훈 정호 지훈 동현 성민 영진 재훈 현우 상우|정 성 상 지 동 재 현 영 승 종 태 진|훈 호 민 현 우 진 수 욱 석 철 환 원", "은주 은영 미경 지영 현정 은정 미영 현주 은경 지현 수정 정은|은 미 지 현 수 정 선 경 혜 윤 영 주|주 영 경 정 현 은 희 아 미 진 선 연"},
	{1990, "지훈 성민 현우 정훈 동현 준호 민수 상현 진우 승현 재현 민호|지 성 현 동 준 민 상 진 승 재 정 태|훈 민 우 현 호 수 혁 석 환 욱 원 영", "지혜 지영 혜진 은지 수진 지은 민정 은정 보람 유진 지연 아름|지 혜 은 수 민 유 보 아 현 선 미 소|혜 영 진 지 은 정 연 희 현 나 람 미"},
	{2000, "지훈 민재 현우 준영 동현 재현 승민 민수 성현 태현 준혁 진우|지 민 현 준 동 재 승 성 태 진 우 상|훈 재 우 영 현 민 혁 수 호 빈 석 원", "유진 민지 수빈 지원 지현 지은 예지 수진 은지 다은 예진 혜원|유 민 수 지 예 은 다 혜 소 하 채 서|진 지 빈 원 현 은 연 영 정 윤 아 희"},
	{2010, "민준 서준 예준 도윤 현준 지훈 준서 우진 건우 시우 민성 지호|민 서 예 도 현 지 준 우 건 시 승 유|준 윤 훈 진 우 호 성 빈 찬 원 민 혁", "서연 민서 지우 서현 예은 수빈 하은 윤서 채원 지민 은서 다은|서 민 지 예 수 하 윤 채 은 다 가 소|연 서 우 현 은 빈 원 민 윤 아 영 율"},
	{9999, "서준 하준 도윤 시우 주원 지호 예준 이준 은우 유준 도현 선우|서 하 도 시 주 지 예 이 은 유 태 로|준 윤 우 원 호 현 빈 안 후 율 겸 온", "서윤 서아 하윤 지안 아윤 하은 지유 이서 수아 채아 유나 다인|서 하 지 아 이 수 채 유 다 나 시 예|윤 아 은 안 유 서 린 나 인 율 온 봄"},
}

var (
	singleGiven = strings.Fields("민 진 현 준 훈 혁 솔 빈 율 겸 건 솜 별 윤 린 결 산 철 숙 선")
	nativeGiven = strings.Fields("하늘 슬기 가람 나래 보람 아름 한결 이슬 새롬 다솜 누리 초롱 빛나 가온 온유 하나로 빛나리 한아름 새로미 아름별 슬옹 힘찬 우람 샛별")
)

// foreignTable holds residents from abroad: Latin spelling as in the passport and the Hangul a clerk writes.
const foreignTable = `NGUYEN THI HOA/응우옌티호아/F|NGUYEN VAN NAM/응우옌반남/M|TRAN THI LAN/쩐티란/F|LE THI MAI/레티마이/F|PHAM VAN DUC/팜반득/M|
WANG LI/왕리/F|LI NA/리나/F|ZHANG WEI/장웨이/M|CHEN JING/천징/F|LIU YANG/류양/M|PIAO CHENGZHE/박성철/M|JIN MEIHUA/김미화/F|
John Smith/존 스미스/M|Emily Johnson/에밀리 존슨/F|Michael O'Brien/마이클 오브라이언/M|Sarah Miller/사라 밀러/F|Anne-Marie Dubois/안마리 뒤부아/F|
Tanaka Yuki/다나카 유키/F|Sato Kenji/사토 겐지/M|Suzuki Aiko/스즈키 아이코/F|Maria Santos/마리아 산토스/F|Jose Reyes/호세 레예스/M|
Karimov Aziz/카리모프 아지즈/M|Yusupova Dilnoza/유수포바 딜노자/F|Batbayar Oyuna/바트바야르 오유나/F|Ganbold Temuulen/간볼드 테무렌/M|
Somchai Jaidee/솜차이 짜이디/M|Rahman Abdul/라흐만 압둘/M|Priya Sharma/프리야 샤르마/F|Ivanova Olga/이바노바 올가/F`

// givenSpelling holds the passport spellings that most people prefer to the standard of 2000.
var givenSpelling = map[rune]string{
	'영': "young", '현': "hyun", '성': "sung", '정': "jung", '준': "joon", '수': "soo", '우': "woo", '희': "hee", '경': "kyung", '주': "joo",
	'훈': "hoon", '철': "chul", '선': "sun", '숙': "sook", '순': "soon", '승': "seung", '유': "yoo", '윤': "yoon", '연': "yeon", '구': "koo",
	'규': "kyu", '근': "keun", '기': "ki", '길': "kil", '석': "suk", '욱': "wook", '운': "woon", '춘': "choon", '건': "gun", '병': "byung", '명': "myung",
}
