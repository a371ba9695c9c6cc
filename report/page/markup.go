package page

import "html"

// markup is a piece of the page: whatever comes from outside is in it as text. The function makes
// pages of it and links no library for that, which cost more than all the tables.
type markup string

// textOf is a text as markup.
func textOf(words string) markup { return markup(html.EscapeString(words)) }

// attributes are those of an element, as they stand in its tag.
type attributes string

// attribute is one with a value, which may come from outside.
func attribute(name, value string) attributes {
	return attributes(" " + name + `="` + html.EscapeString(value) + `"`)
}

// classed is the attribute class; none where there is no class.
func classed(class string) attributes {
	if class == "" {
		return ""
	}
	return attribute("class", class)
}

// element is an element around its content.
func element(tag string, attributes attributes, content markup) markup {
	return markup("<"+tag+string(attributes)+">") + content + markup("</"+tag+">")
}

// textElement is an element of a class that holds a text.
func textElement(tag, class, words string) markup { return element(tag, classed(class), textOf(words)) }

// note is a line of text.
func note(words string) markup { return textElement("p", "note", words) }

// headed is a part of a part, with a heading of its own.
func headed(title string, content markup) markup { return textElement("h3", "", title) + content }

// tableOf is a table of rows.
func tableOf(class string, heads, rows markup) markup {
	return element("table", classed(class), element("thead", "", element("tr", "", heads))+element("tbody", "", rows))
}
