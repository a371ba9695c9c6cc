package simulator

import (
	"encoding/json"
	"fmt"
)

// boundNames are what the machines of an order are called, one after the other, with a number.
var boundNames = []string{"web", "web", "db", "cache", "job"}

// boundStates are the states of the machines that do nothing, one after the other.
var boundStates = []struct{ agent, instance string }{
	{"OFFLINE", "STOPPED"}, {"OFFLINE", "EXPIRED"}, {"UNINSTALL", "RUNNING"},
}

// describeLicenseBindList answers as published, with the machines that use one of the
// scenario's orders: none where the order is isolated, since they are unbound then.
func describeLicenseBindList(s asked, params jsonObject) (jsonObject, *apiError) {
	if _, given := params["Filters"]; given {
		return nil, &apiError{"UnsupportedOperation", "`Filters` is not simulated."}
	}
	limit, offset := integerParam(params, "Limit", defaultLimit), integerParam(params, "Offset", 0)
	if limit < 1 || limit > maxLimit {
		return nil, &apiError{"InvalidParameterValue", fmt.Sprintf("`Limit` must be from 1 to %d.", maxLimit)}
	}
	if offset < 0 {
		return nil, &apiError{"InvalidParameterValue", "`Offset` must not be negative."}
	}
	number, order := s.orderOf(params)
	var all []jsonObject
	if order != nil && order.status != isolated && order.status != destroyed {
		all = order.boundMachines(number)
	}
	total := int64(len(all))
	list := []jsonObject{}
	for i := offset; i < min(offset+limit, total); i++ {
		list = append(list, all[i])
	}
	answer := publishedAnswer("cwp-DescribeLicenseBindList")
	answer["TotalCount"], answer["List"] = total, list
	return answer, nil
}

// orderOf is the order that the parameters name, with its place in the list; nil when there
// is none, as where a test has put other orders in the place of the scenario's.
func (s asked) orderOf(params jsonObject) (number int, order *orderTemplate) {
	for i := range s.scenario.orders {
		o := &s.scenario.orders[i]
		d := o.licenseDetail(i+1, s.options.Now())
		if params["ResourceId"] == o.id && params["LicenseId"] == asNumber(d.LicenseId) &&
			params["LicenseType"] == asNumber(d.LicenseType) {
			return i + 1, o
		}
	}
	return 0, nil
}

func asNumber(n int) json.Number { return json.Number(fmt.Sprint(n)) }

// boundMachines are the machines that use the order, as the API writes them.
func (o orderTemplate) boundMachines(number int) []jsonObject {
	var all []jsonObject
	for i := range o.used {
		agent, instance := "ONLINE", "RUNNING"
		if i < o.idle {
			agent, instance = boundStates[i%len(boundStates)].agent, boundStates[i%len(boundStates)].instance
		}
		id := fmt.Sprintf("%04x%04x", number, i+1)
		address := fmt.Sprintf("10.%d.%d.%d", number, i/250, i%250+1)
		all = append(all, jsonObject{
			"MachineName":  fmt.Sprintf("%s-%02d", boundNames[i%len(boundNames)], i+1),
			"MachineWanIp": "", "MachineIp": address,
			"Quuid": id + "-78f7-403e-867d-553c4af8b025", "Uuid": id + "-1111-403e-867d-553c4af8b025",
			"Tags": []string{"prod"}, "AgentStatus": agent, "InstanceState": instance,
			"IsUnBind": true, "IsSwitchBind": true,
			"MachineExtraInfo": jsonObject{
				"WanIP": "", "PrivateIP": address, "NetworkType": 0, "NetworkName": "prod",
				"InstanceID": "ins-" + id, "HostName": "",
			},
		})
	}
	return all
}
