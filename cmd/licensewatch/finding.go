package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/rules"
	"licensewatch/setup"
)

// findRule finds the rule and the subject that RULE or RULE/SUBJECT names.
func findRule(known []rules.Description, finding string) (rule rules.Description, subject string, err error) {
	id, subject, hasSubject := strings.Cut(finding, "/")
	ids := make([]string, len(known))
	for i, d := range known {
		ids[i] = d.ID
		if d.ID == id {
			rule = d
		}
	}
	switch {
	case id == "":
		return rule, "", fmt.Errorf("which rule? Write RULE or RULE/SUBJECT; 'licensewatch explain' lists them")
	case rule.ID == "":
		return rule, "", fmt.Errorf("there is no rule %s%s", id, orWhereToLook(suggest.DidYouMean(id, ids)))
	case hasSubject && subject == "":
		return rule, "", fmt.Errorf("which order? Write %s/SUBJECT, or %s for all of them", id, id)
	case hasSubject && !rule.Each:
		return rule, "", fmt.Errorf("rule %s is about the whole account and has no subjects: write %s", id, id)
	}
	return rule, subject, nil
}

// orWhereToLook is a hint, or where to look when there is none.
func orWhereToLook(hint string) string {
	if hint == "" {
		return "; 'licensewatch explain' lists them"
	}
	return hint
}

// completeRules completes the ids of the configured rules.
func completeRules(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	if len(args) > 0 {
		return nil, none
	}
	settings, err := config.LoadWithoutChannels(config.ProcessEnvironment)
	if err != nil {
		return nil, none
	}
	known, err := setup.DescribeRules(settings.RulesFile)
	if err != nil {
		return nil, none
	}
	var ids []string
	for _, d := range known {
		if strings.HasPrefix(d.ID, begun) {
			ids = append(ids, d.ID)
		}
	}
	return ids, none
}
