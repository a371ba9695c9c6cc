package tencent_test

import (
	"context"
	"errors"
	"fmt"

	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/tencent"
)

// A client reads one source with one call. The simulator stands for the cloud here;
// without an Endpoint it is the real one.
func ExampleClient_DescribePurchaseStateInfo() {
	cloud := simulator.New(simulator.Options{Scenario: "healthy"})
	if err := cloud.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer cloud.Close()
	client := tencent.New(tencent.Options{
		Site:     license.SiteCN,
		Endpoint: cloud.CloudURL(),
		Credentials: func() (id, key, token string, err error) {
			id, key, token = cloud.Credentials()
			return id, key, token, nil
		},
	})
	state, err := client.DescribePurchaseStateInfo(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*state.State == license.StatePro, *state.CoresCnt, "cores")
	// Output: true 64 cores
}

// An error says what failed, and what to do about it.
func ExampleAPIError() {
	client := tencent.New(tencent.Options{
		Credentials: func() (id, key, token string, err error) {
			return "", "", "", errors.New("the function has no execution role")
		},
	})
	_, err := client.DescribeLicenseGeneral(context.Background())
	if failed, ok := errors.AsType[*tencent.APIError](err); ok {
		fmt.Println(failed.Kind, failed.Retryable)
	}
	fmt.Println(err)
	// Output:
	// credentials false
	// cwp DescribeLicenseGeneral: NoCredentials: the function has no execution role
}
