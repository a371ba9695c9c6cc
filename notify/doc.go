// Package notify delivers messages to chats: which kinds there are, what their
// webhooks look like, and what their answers mean.
//
// Delivery is one poster for all of them. What the chat's answer says decides
// whether a message was taken, and no error or log line holds a webhook URL. What is
// said, and in which form, is package message's.
package notify
