package io.perennial.console.remote;

/** The services behind the console, by the name that people see when one does not answer. */
public enum Service {
    AUTH("auth-service"),
    FETCH("fetch-orchestrator"),
    NOTIFIER("notifier");

    private final String title;

    Service(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
