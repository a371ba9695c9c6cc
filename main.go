// Command main is the function: SCF starts it and sends it one event at a time.
package main

import (
	_ "time/tzdata" // the platform's image need not have zone data

	"github.com/tencentyun/scf-go-lib/cloudfunction"

	"licensewatch/handler"
)

func main() {
	cloudfunction.StartHandler(handler.New(handler.Options{}))
}
