package simulator

import (
	"fmt"
	"strings"

	"licensewatch/license"
)

// Scenario is a state an account can be in, as the cloud would answer.
type Scenario struct {
	Name  string // how it is asked for
	About string // what it shows, in a line

	published license.Site        // the published overview it is based on; empty: that of Options.Site
	overview  jsonObject          // what differs from it
	purchase  jsonObject          // what differs from the published purchase state
	orders    []orderTemplate     // all orders
	pending   int                 // how often ExportTasks answers PENDING before FINISHED
	refusals  map[string]apiError // actions that are refused

	past func(daysAgo int) Scenario // what it was like so many days before; nil: the same
}

// Scenarios are the states that can be simulated, in the order to show them.
func Scenarios() []Scenario {
	return []Scenario{
		healthyScenario(), nearExpiry(), trialExpired(), renewalIsOff(), notRenewed(), everythingWrong(),
		undocumentedScenario(), sourceDown(), slowExport(), manyOrders(), firstDay(), quarterScenario(),
	}
}

func findScenario(name string, daysAgo int) (Scenario, error) {
	var names []string
	for _, scenario := range Scenarios() {
		if scenario.Name == name {
			if scenario.past != nil {
				scenario = scenario.past(daysAgo)
			}
			return scenario, nil
		}
		names = append(names, scenario.Name)
	}
	return Scenario{}, fmt.Errorf("there is no scenario %q; there are %s", name, strings.Join(names, ", "))
}
