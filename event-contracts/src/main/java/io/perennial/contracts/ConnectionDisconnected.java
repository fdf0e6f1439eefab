package io.perennial.contracts;

/** The connection was given up and its secrets destroyed. */
public record ConnectionDisconnected(ConnectionRef about) implements ConnectionEvent {}
