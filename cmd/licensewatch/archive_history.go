package main

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/spf13/cobra"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// archiveHistory is what the command line asks.
type archiveHistory struct {
	place    archivePlace
	from, to string
	format   string
}

func newArchiveHistory(c console) *cobra.Command {
	h := &archiveHistory{}
	command := &cobra.Command{
		Use:   "history FIELD…",
		Short: "Show fields by day, from the records",
		Long: `history shows what fields of the overviews were, day by day: cwp.…, machines.… and tcss.…,
as the API names them. A day has the value of its last reading; days are those of UTC. A
value that was not read or not told is shown as –.`,
		Example: `  licensewatch archive history cwp.UsedLicenseCnt tcss.AllCoresCnt
  licensewatch archive history machines.NotProtectMachineCnt --from 2026-07-01 --output csv`,
		Args:              wantFields,
		ValidArgsFunction: cobra.FixedCompletions(historyFields(), cobra.ShellCompDirectiveNoFileComp),
		PreRunE: func(*cobra.Command, []string) error {
			return oneOf("--output", h.format, "text", "csv", "json")
		},
		RunE: func(cmd *cobra.Command, args []string) error { return h.run(cmd.Context(), c, args) },
	}
	h.place.addTo(command)
	addDayFlags(command, &h.from, &h.to)
	command.Flags().StringVarP(&h.format, "output", "o", "text", "text for people, csv or json for programs")
	completeFlag(command, "output", "text", "csv", "json")
	return command
}

// historySources are those whose fields can be followed: there is one of each in a reading.
var historySources = slices.DeleteFunc(license.Sources(), func(source license.Source) bool {
	return source == license.SourceOrders || source.Info().Behind != ""
})

// historyFields are the fields that can be followed.
func historyFields() []string {
	var fields []string
	for _, source := range historySources {
		info := source.Info()
		for field := range info.Shape().Fields() {
			if field.Type.Kind() == reflect.Pointer {
				fields = append(fields, info.Section+"."+field.Name)
			}
		}
	}
	return fields
}

// wantFields refuses what is no field.
func wantFields(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("which field? Write for example %s", license.SourceOverview.Info().Section+".UsedLicenseCnt")
	}
	known := historyFields()
	for _, field := range args {
		if !slices.Contains(known, field) {
			return fmt.Errorf("there is no field %q%s", field, nearestFields(field, known))
		}
	}
	return nil
}

// nearestFields names those that were meant: that look alike, or that suggest finds.
func nearestFields(field string, known []string) string {
	if hint := suggest.DidYouMean(field, known); hint != "" {
		return hint
	}
	if fields := suggest.FieldsLike(field, known); len(fields) > 0 {
		return "; there are " + listSome(fields, "and")
	}
	return ": write one of cwp.…, machines.… or tcss.…, as the API names it"
}

func (h *archiveHistory) run(ctx context.Context, c console, fields []string) error {
	from, to, err := parseDays(h.from, h.to)
	if err != nil {
		return err
	}
	opened, err := h.place.open(ctx, c)
	if err != nil {
		return err
	}
	account, err := h.place.chooseAccount(ctx, opened.store)
	if err != nil {
		return err
	}
	names, err := recordsWithin(ctx, opened.store, account, from, to)
	if err != nil {
		return err
	}
	days, broken, problems, err := readDays(ctx, c, opened.store, account, names, fields)
	if err != nil {
		return err
	}
	switch h.format {
	case "json":
		err = c.printJSON(map[string]any{"account": account, "fields": fields, "days": days})
	case "csv":
		err = printCSV(c, days, fields)
	default:
		printDays(c, styleFor(c.out), days, broken, fields)
	}
	switch {
	case err != nil:
		return err
	case len(problems) > 0:
		return &exitError{several: problems}
	case len(days) == 0:
		return &exitError{text: "the archive holds no readings of these days"}
	}
	return nil
}
