package simulator_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"licensewatch/internal/simulator"
)

// TestUpload: what a robot says to a file, and that its id is good for that robot alone.
func TestUpload(t *testing.T) {
	t.Parallel()
	const good = `form-data; name="media"; filename="a.csv"; filelength=%d`
	for name, test := range map[string]struct {
		head, file, kind string
		key              bool
		want             string
	}{
		"taken":          {good, "a,b\n1,2\n", "file", true, `"errcode":0`},
		"6 bytes":        {good, "a,b,c\n", "file", true, `"errcode":0`},
		"5 bytes":        {good, "a,b,c", "file", true, `"errcode":40006`},
		"20 MB and 1":    {good, strings.Repeat("a", 20<<20+1), "file", true, `"errcode":45001`},
		"wrong length":   {strings.ReplaceAll(good, "%d", "1%d"), "a,b\n1,2\n", "file", true, `"errcode":40006`},
		"no length":      {`form-data; name="media"; filename="a.csv"`, "a,b\n1,2\n", "file", true, `"errcode":44001`},
		"another field":  {strings.Replace(good, "media", "file", 1), "a,b\n1,2\n", "file", true, `"errcode":44001`},
		"no name":        {`form-data; name="media"; filelength=%d`, "a,b\n1,2\n", "file", true, `"errcode":44001`},
		"a picture":      {good, "a,b\n1,2\n", "image", true, `"errcode":40004`},
		"the wrong key":  {good, "a,b\n1,2\n", "file", false, `"errcode":93000`},
		"empty, no key":  {good, "", "file", false, `"errcode":40006`},
		"two of a thing": {good, "a,b\n1,2\n\r\n--x\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n1", "file", true, `"errcode":40063`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Options{})
			s.WebhookURLs("wecom", 2)
			hook := strings.Replace(s.WebhookURL("wecom"), "/send?", "/upload_media?type="+test.kind+"&", 1)
			if !test.key {
				hook = strings.Replace(hook, "key=", "key=0", 1)
			}
			head := test.head
			if strings.Contains(head, "%d") {
				length, _, _ := strings.Cut(test.file, "\r\n--x")
				head = fmt.Sprintf(head, len(length))
			}
			form := "--x\r\nContent-Disposition: " + head + "\r\nContent-Type: application/octet-stream\r\n\r\n" + test.file + "\r\n--x--\r\n"
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, hook, strings.NewReader(form))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			if body := do(t, newClient(t), request).body; !strings.Contains(body, test.want) {
				t.Fatalf("%s, want %s", body, test.want)
			}
			upload := s.Uploads()[0]
			if isTaken := test.want == `"errcode":0`; isTaken != (upload.MediaID != "") {
				t.Errorf("%+v", upload)
			}
			message := fmt.Sprintf(`{"msgtype":"file","file":{"media_id":%q}}`, cmp.Or(upload.MediaID, "made-up"))
			for i, hook := range s.WebhookURLs("wecom", 2) {
				want := 40007 // of another robot, or of none
				if i == 0 && upload.MediaID != "" && upload.Channel == "wecom[0]" {
					want = 0
				}
				if got := readVerdict(t, post(t, hook, message)).Errcode; got != want {
					t.Errorf("robot %d says %d to the file, want %d", i, got, want)
				}
			}
		})
	}
}
