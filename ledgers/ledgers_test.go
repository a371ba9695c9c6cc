package ledgers_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

var (
	shanghai = time.FixedZone("CST", 8*60*60)
	start    = time.Date(2026, time.November, 22, 9, 7, 0, 0, shanghai)
	channels = []string{"security", "pay-oncall", "pay-daily", "sea", "platform", "audit"}
)

// accountOf is a made-up account with three orders, one of which may end soon.
func accountOf(random *rand.Rand, uin string, now time.Time) license.Snapshot {
	number := func(n int64) *int64 { v := random.Int64N(n); return &v }
	one, yes, ultimate, none, begin, end := int64(1), true, "FLAGSHIP_PREPAY", "", "2026-01-01 00:00:00", "2027-08-01 00:00:00"
	s := license.Snapshot{Account: uin, Site: license.SiteCN, ReadAt: now,
		Wanted:   []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState},
		Overview: &license.Overview{LicenseCnt: number(500), UsedLicenseCnt: number(100), NotExpiredLicenseCnt: number(300), AvailableLicenseCnt: number(50), AutoOpenStatus: &yes, ProtectType: &ultimate, NearExpiryLicenseCnt: number(1), ExpireLicenseCnt: number(1), AutoRepurchaseSwitch: &yes, AutoRepurchaseRenewSwitch: &yes, AvailableProVersionLicenseCnt: number(9), AvailableFlagshipVersionLicenseCnt: number(9), FlagshipVersionLicenseCnt: number(100), ProVersionLicenseCnt: number(100), DestroyOrderNum: number(1), RepurchaseRenewSwitch: &yes},
		Orders:   &license.Orders{TotalCount: 3}, PurchaseState: &license.PurchaseState{State: number(2), SubState: &none, AllCoresCnt: number(900), CoresCnt: number(900), UndefendCoresCnt: number(3), AuthorizedCoresCnt: number(900), BeginTime: &begin, ExpirationTime: &end, AutomaticRenewal: &one}}
	for range 3 {
		id, deadline, bought := fmt.Sprintf("cwp-%08x", random.Uint32()), now.Add(time.Duration(random.IntN(400*24))*time.Hour).Format(time.DateTime), now.AddDate(-1, 0, -random.IntN(300)).Format(time.DateTime)
		licenseID, count := random.Int64N(1e8), random.Int64N(200)
		s.Orders.List = append(s.Orders.List, license.Order{LicenseId: &licenseID, LicenseType: &one, LicenseStatus: &one, LicenseCnt: &count, UsedLicenseCnt: number(count + 1), OrderStatus: &one, Deadline: &deadline, ResourceId: &id, AutoRenewFlag: number(2), BuyTime: &bought, SourceType: &one, Tags: []license.Tag{{TagKey: "owner", TagValue: "team-" + id[4:6]}}})
	}
	return s
}

// plan is what a run does with an account's ledger.
func plan(ledger *life.Ledger, s license.Snapshot, now time.Time, mode license.Mode, id string) life.Plan {
	set := rules.Default()
	var bound []life.Channel
	for i, c := range channels {
		bound = append(bound, life.Channel{Name: c, ID: fmt.Sprintf("%012x", 1<<40+i)})
	}
	ledger.Own(life.Owner{Site: s.Site, Account: s.Account})
	ledger.Bind(bound, now)
	s = s.After(ledger.PreviousReading(), now)
	return ledger.Plan(life.Input{Now: now, Mode: mode, Channels: channels, Findings: set.JudgeFor(s, now, ledger.Remembers(), license.English),
		Snapshot: s, RuleIDs: set.IDs(), Base: license.Report{ID: id, Mode: mode, Language: license.English, At: now}, Slot: "daily " + now.Format(time.RFC3339), IsOneOfMany: true})
}

func keep(t testing.TB, l *ledgers.Ledgers, account string, ledger *life.Ledger) {
	t.Helper()
	if err := l.Keep(account, ledger); err != nil {
		t.Fatal(err)
	}
}

// reread writes the ledgers and reads them again, as between two runs.
func reread(t testing.TB, l *ledgers.Ledgers) (*ledgers.Ledgers, int) {
	t.Helper()
	data, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ledgers.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return again, len(data)
}

func open(t testing.TB, l *ledgers.Ledgers, account string) *life.Ledger {
	t.Helper()
	ledger, err := l.Open(account)
	if err != nil {
		t.Fatal(err)
	}
	return ledger
}

// TestManyAccounts: 5,000 accounts with three orders and six channels each are at most 4 MB,
// also while all of them are owed a digest.
func TestManyAccounts(t *testing.T) {
	accounts := 5000
	if testing.Short() || raceEnabled {
		accounts = 500
	}
	l := ledgers.New()
	l.Archive = ledgers.Archive{ID: "0123456789ab", Heads: map[string]ledgers.ArchiveHead{}}
	for i := range accounts {
		sum := sha256.Sum256(fmt.Append(nil, i))
		l.Archive.Heads[fmt.Sprint(100000000000+i)] = ledgers.ArchiveHead{Record: "2026/11/22/010700Z-4f13b5", SHA256: hex.EncodeToString(sum[:])}
	}
	heads := l.Archive
	var size int
	for digest := range 2 {
		now := start.AddDate(0, 0, digest)
		id := fmt.Sprintf("%06x", 0x4f13b5+digest)
		for i := range accounts {
			account := fmt.Sprint(100000000000 + i)
			ledger := open(t, l, account)
			s := accountOf(rand.New(rand.NewPCG(uint64(i), 3)), account, start)
			s.ReadAt = now
			plan(ledger, s, now, license.ModeDigest, id)
			keep(t, l, account, ledger)
		}
		l, size = reread(t, l)
		t.Logf("%d accounts that are owed a digest: %d bytes, %d each", accounts, size, size/accounts)
		if size > accounts*4_000_000/5000 {
			t.Errorf("%d bytes", size)
		}
		for _, channel := range channels {
			l.Answer(ledgers.Answer{ID: id, Channel: channel, At: now})
		}
		began := time.Now()
		if err := l.Settle(nil); err != nil {
			t.Fatal(err)
		}
		t.Logf("six answers entered in %v", time.Since(began))
		l, size = reread(t, l)
		t.Logf("%d accounts that were told: %d bytes, %d each", accounts, size, size/accounts)
	}
	if !reflect.DeepEqual(l.Archive, heads) {
		t.Error("the newest records of the archive are not remembered")
	}
}

// TestAnswers: what a channel answers is entered in the ledger of every account, also by the
// next run where this one was killed first.
func TestAnswers(t *testing.T) {
	for _, killed := range []bool{false, true} {
		l := ledgers.New()
		for i := range 3 {
			account := fmt.Sprint(i)
			ledger := life.New()
			plan(ledger, accountOf(rand.New(rand.NewPCG(uint64(i), 3)), account, start), start, license.ModeDigest, "4f13b5")
			keep(t, l, account, ledger)
		}
		l, _ = reread(t, l)
		for _, channel := range channels[1:] {
			l.Answer(ledgers.Answer{ID: "4f13b5", Channel: channel, At: start})
		}
		l.Answer(ledgers.Answer{ID: "4f13b5", Channel: channels[0], At: start, Refusal: life.RefusedForNow})
		if killed {
			l, _ = reread(t, l)
		}
		owed := map[string][]string{}
		if err := l.Settle(func(account string, ledger *life.Ledger) {
			for _, o := range ledger.Owed(channels, start, license.Hours{}) {
				owed[o.Channel] = append(owed[o.Channel], account)
			}
		}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(owed[channels[0]])
		if len(owed) != 1 || !slices.Equal(owed[channels[0]], []string{"0", "1", "2"}) {
			t.Errorf("killed %v: owed are %v", killed, owed)
		}
		l, _ = reread(t, l)
		if err := l.Settle(nil); err != nil {
			t.Fatal(err)
		}
		if got := open(t, l, "1").Owed(channels, start, license.Hours{}); len(got) != 1 || got[0].Channel != channels[0] {
			t.Errorf("killed %v: account 1 owes %+v", killed, got)
		}
	}
}

// TestAdopted: the ledger of a single account becomes that account's.
func TestAdopted(t *testing.T) {
	ledger := life.New()
	plan(ledger, accountOf(rand.New(rand.NewPCG(1, 1)), "100000000001", start), start, license.ModeDigest, "4f13b5")
	data, err := ledger.Encode()
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledgers.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Accounts(); !slices.Equal(got, []string{"100000000001"}) {
		t.Errorf("accounts %v", got)
	}
	if owed := open(t, l, "100000000001").Owed(channels, start, license.Hours{}); len(owed) != len(channels) {
		t.Errorf("owed are %+v", owed)
	}
}

// FuzzDecode: anything may be in the store.
func FuzzDecode(f *testing.F) {
	l := ledgers.New()
	for i := range 3 {
		ledger := life.New()
		plan(ledger, accountOf(rand.New(rand.NewPCG(uint64(i), 3)), fmt.Sprint(i), start), start, license.ModeDigest, "4f13b5")
		keep(f, l, fmt.Sprint(i), ledger)
	}
	data, err := l.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte("licensewatch ledgers 1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ledgers.Decode(data)
		if err != nil {
			if _, ok := errors.AsType[*life.FormatError](err); !ok {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		for _, account := range l.Accounts() {
			ledger, _ := l.Open(account)
			keep(t, l, account, ledger)
		}
		if err := l.Settle(nil); err != nil {
			t.Error(err)
		}
	})
}

// TestDictionaries: runs that reach one account each leave nothing behind that grows, and
// lose nothing.
func TestDictionaries(t *testing.T) {
	l := ledgers.New()
	for i := range 10 {
		account := fmt.Sprint(i)
		ledger := life.New()
		plan(ledger, accountOf(rand.New(rand.NewPCG(uint64(i), 3)), account, start), start, license.ModeAlert, fmt.Sprintf("%06x", i))
		keep(t, l, account, ledger)
		l, _ = reread(t, l)
	}
	for i := range 10 {
		account := fmt.Sprint(i)
		if owner := open(t, l, account).Owner(); owner.Account != account {
			t.Errorf("account %s has the ledger of %v", account, owner)
		}
	}
}

// TestTooManyLedgers: above what an object may have, the largest ledgers are left out, and the
// next run knows.
func TestTooManyLedgers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable
	at := time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)
	l := ledgers.New()
	noise := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('a' + random.IntN(26))
		}
		return string(b)
	}
	for i := range 900 {
		uin := fmt.Sprint(100000001000 + i)
		ledger := life.New()
		s := accountOf(random, uin, at)
		if i%3 > 0 {
			ledger.Own(life.Owner{Account: noise(12_000)}) // what does not pack
		}
		plan(ledger, s, at, license.ModeDigest, "abc123")
		keep(t, l, uin, ledger)
	}
	data, err := l.Encode()
	if err != nil || len(data) > ledgers.MaxSize {
		t.Fatalf("%v, %d bytes", err, len(data))
	}
	again, size := reread(t, l)
	t.Logf("%d of 900 are left, %d bytes", len(again.Accounts()), size)
	if n := len(again.Accounts()); n == 900 || n < 300 || !again.Shed {
		t.Errorf("%d are left, shed %v", n, again.Shed)
	}
	for i := 0; i < 900; i += 3 {
		if uin := fmt.Sprint(100000001000 + i); !slices.Contains(again.Accounts(), uin) {
			t.Fatalf("%s is left out, which is small", uin)
		}
	}
	if last, _ := reread(t, again); last.Shed {
		t.Error("it says so for ever")
	}
}

// TestOneSickAccountFirst: an account of which nothing could be read is no example of the
// others: it costs them no room when it comes first.
func TestOneSickAccountFirst(t *testing.T) {
	size := func(isSick bool) int {
		l := ledgers.New()
		for i := range 200 {
			account := fmt.Sprint(100000000000 + i)
			s := accountOf(rand.New(rand.NewPCG(uint64(i), 3)), account, start)
			if i == 0 && isSick {
				s = license.Snapshot{Account: account, Site: license.SiteCN, ReadAt: start, Wanted: s.Wanted}
			}
			ledger := life.New()
			plan(ledger, s, start, license.ModeDigest, "4f13b5")
			keep(t, l, account, ledger)
		}
		for i, channel := range channels {
			l.Answer(ledgers.Answer{ID: "4f13b5", Channel: channel, At: start.Add(time.Duration(i*7919) * time.Microsecond)})
		}
		if err := l.Settle(nil); err != nil {
			t.Fatal(err)
		}
		l, size := reread(t, l)
		for i := range 200 {
			if account := fmt.Sprint(100000000000 + i); open(t, l, account).Owner().Account != account {
				t.Errorf("account %s has the ledger of %v", account, open(t, l, account).Owner())
			}
		}
		return size
	}
	well, sick := size(false), size(true)
	t.Logf("200 accounts are %d bytes, %d when one that could not be read comes first", well, sick)
	if sick > well*11/10 {
		t.Errorf("%d bytes, %d without a sick account", sick, well)
	}
}

// TestWhatIsLeftOut: where there is no room, accounts in which something fires are kept before
// those in which nothing does, however large they are.
func TestWhatIsLeftOut(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable
	l := ledgers.New()
	fires := map[string]bool{}
	for i := range 900 {
		uin := fmt.Sprint(100000001000 + i)
		ledger := life.New()
		noise := make([]byte, 6000+6000*min(1, i%3))
		for k := range noise {
			noise[k] = byte('a' + random.IntN(26))
		}
		s := accountOf(random, uin, start)
		s.Orders.List[0].Alias = new(string(noise)) // what does not pack
		if i%2 == 0 {
			s = license.Snapshot{Account: uin, Site: license.SiteCN, ReadAt: start, Wanted: s.Wanted, Overview: s.Overview, Orders: &license.Orders{List: s.Orders.List[:1], TotalCount: 1}}
			s.Overview, s.Orders.List[0].Deadline, s.Orders.List[0].LicenseType = nil, new("2030-01-01 00:00:00"), new(int64(0))
		}
		plan(ledger, s, start, license.ModeDigest, "abc123")
		fires[uin] = len(ledger.Known()) > 0
		keep(t, l, uin, ledger)
	}
	for _, channel := range channels {
		l.Answer(ledgers.Answer{ID: "abc123", Channel: channel, At: start})
	}
	if err := l.Settle(nil); err != nil {
		t.Fatal(err)
	}
	l, first := reread(t, l)
	l, size := reread(t, l) // what the object says of them counts as well
	t.Logf("%d bytes, then %d", first, size)
	left := map[bool]int{}
	for _, uin := range l.Accounts() {
		left[fires[uin]]++
	}
	all := 0
	for _, isFiring := range fires {
		if isFiring {
			all++
		}
	}
	t.Logf("of %d accounts in which something fires %d are left, of %d others %d", all, left[true], 900-all, left[false])
	if left[false] > 0 && left[true] < all {
		t.Error("an account in which something fires is left out for one in which nothing does")
	}
}
