"""Pages of messages: the outbox, what is sent and told by hand, what it costs."""
