package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/scaffold"
	"licensewatch/cmd/licensewatch/internal/terminal"
)

// initFile is a file in the JSON document of init.
type initFile struct {
	File    string `json:"file"`
	Written bool   `json:"written"` // false: it was there and is kept
}

func newInit(c console) *cobra.Command {
	var o output
	isFleet := false
	command := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write settings, rules and serverless.yml to start from",
		Long: `init writes licensewatch.env, rules.yaml and serverless.yml, with comments that say
what is what, into DIR or the working directory. It asks nothing and overwrites
nothing: a file that is there already is kept, which is said and is no error, so
that it can be run again. Then it says what to do next.

With --fleet it writes accounts.yaml as well, for many accounts and who hears of what,
with a test of that, and the other files as they are with it.`,
		Example: `  licensewatch init watch
  licensewatch init --fleet watch
  cd watch && licensewatch check --env licensewatch.env`,
		Args: atMostOne("one directory"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(_ *cobra.Command, args []string) error {
			directory := "."
			if len(args) > 0 {
				directory = args[0]
			}
			return initDirectory(c, directory, isFleet, o.isJSON())
		},
	}
	command.Flags().BoolVar(&isFleet, "fleet", false,
		"for many accounts: an accounts file, and the other files as they are with it")
	o.addTo(command)
	return command
}

func initDirectory(c console, directory string, isFleet, asJSON bool) error {
	files, err := scaffold.Write(directory, isFleet)
	if err != nil {
		return err
	}
	if asJSON {
		document := struct {
			Files []initFile `json:"files"`
		}{[]initFile{}}
		for _, f := range files {
			document.Files = append(document.Files, initFile{filepath.Join(directory, f.Name), f.Written})
		}
		return c.printJSON(document)
	}
	s := styleFor(c.out)
	for _, f := range files {
		word := s.paint(ansiGreen, "written")
		if !f.Written {
			word = s.paint(ansiYellow, "kept   ")
		}
		c.print("%s  %-*s  %s\n", word, len(filepath.Join(directory, scaffold.EnvFile)),
			filepath.Join(directory, f.Name), f.About)
	}
	steps := nextSteps
	if isFleet {
		steps = nextFleetSteps
	}
	c.print("\nNext%s:\n%s", inDirectory(directory), steps)
	return nil
}

// inDirectory says where the next steps are to be taken.
func inDirectory(directory string) string {
	if filepath.Clean(directory) == "." {
		return ""
	}
	return ", in " + directory
}

const nextSteps terminal.Styled = `  1. Fill in licensewatch.env: the URL of at least one webhook, the region, the role.
     With one chat only, put a # before the other's line, there and in serverless.yml.
  2. licensewatch check --env licensewatch.env
     says what is left to correct. Then load the file into the shell:
     set -a; . ./licensewatch.env; set +a
  3. licensewatch send-test
     posts a test message to the chats.
  4. Copy the program into dist/function (make build makes dist/function/main in a
     checkout of licensewatch), and deploy: scf deploy
`

const nextFleetSteps terminal.Styled = `  1. Fill in accounts.yaml: the accounts (or organization: for all its members), the
     channels, and who hears of what; and licensewatch.env: a webhook for each channel,
     the external id, region and role, and a store, which alerts need.
  2. licensewatch check --env licensewatch.env
     says what is left to correct. Then load the file into the shell:
     set -a; . ./licensewatch.env; set +a
  3. licensewatch policy --fleet
     prints the role that each account needs, and the policy of the function's role;
     --terraform prints them as resources. Create them.
  4. licensewatch routes --test routes.test.yaml
     says whether everybody hears who has to, once the file names accounts of yours;
     without --test it shows who hears of what.
  5. With keys that may assume the roles, in TENCENTCLOUD_SECRET_ID and …_SECRET_KEY:
     licensewatch doctor           reads every account, and says why some cannot be read
     licensewatch send-test        posts a test message to each channel
     licensewatch run --dry-run    prints the first digest of each channel
  6. Copy accounts.yaml and the program into dist/function (make build makes
     dist/function/main in a checkout of licensewatch), and deploy: scf deploy
     Then licensewatch accounts and licensewatch status say how the accounts are.
`
