package simulator

import (
	"fmt"
	"strconv"
	"time"
)

// linkLife is how long a simulated download link says it is valid.
const linkLife = 10 * time.Minute

// exports are the export tasks that were begun.
type exports struct {
	next  int64         // the id of the next task
	polls map[int64]int // how often each task was asked for
}

func (s *Simulator) exportLicenseDetail(jsonObject) (jsonObject, *apiError) {
	if len(s.scenario.orders) == 0 {
		return nil, &apiError{"ResourceNotFound", "There is no license to export."}
	}
	id := s.exports.next
	s.exports.next++
	s.exports.polls[id] = 0
	answer := publishedAnswer("cwp-ExportLicenseDetail")
	answer["TaskId"] = id
	return answer, nil
}

func (s *Simulator) exportTasks(params jsonObject) (jsonObject, *apiError) {
	id, err := strconv.ParseInt(params["TaskId"].(string), 10, 64)
	polls, known := s.exports.polls[id]
	if err != nil || !known {
		return nil, &apiError{"ResourceNotFound", "The export task does not exist."}
	}
	s.exports.polls[id]++
	if polls < s.scenario.pending {
		return jsonObject{"Status": "PENDING", "DownloadUrl": "", "FileName": ""}, nil
	}
	return jsonObject{"Status": "FINISHED", "DownloadUrl": s.DownloadURL(), "FileName": "licenses.csv"}, nil
}

// DownloadURL is the link a finished export gives at this moment. It has the
// form of a presigned COS link, but nothing in it is a signature.
func (s *Simulator) DownloadURL() string {
	now := s.options.Now()
	valid := fmt.Sprintf("%d;%d", now.Unix(), now.Add(linkLife).Unix())
	return "https://cwp-export-1250000000.cos.ap-guangzhou.myqcloud.com/licenses.csv" +
		"?q-sign-algorithm=sha1&q-ak=AKID-export&q-sign-time=" + valid + "&q-key-time=" + valid +
		"&q-header-list=host&q-url-param-list=&q-signature=simulated-link-signature-0123456789"
}
