package io.perennial.e2e;

/** A support agent in the console, by plain HTTP: it shows the same without scripts, when a page is opened again. */
final class ConsoleAgent {
    private final String console;
    private final Page page = new HttpPage();

    private ConsoleAgent(String console) {
        this.console = console;
    }

    static ConsoleAgent signedIn(House house) {
        ConsoleAgent agent = new ConsoleAgent(house.consoleUrl());
        agent.page.open(agent.console);
        agent.page.choose("#username", "operator");
        agent.page.press("#sign-in");
        return agent;
    }

    Page page() {
        return page;
    }

    /** Everything that the page of a connection tells of it. */
    String connection(String id) {
        page.open(console + "/connections/" + id);
        return page.text("main");
    }

    /** Its present state, end, account and last error; what happened is told further down. */
    String head(String id) {
        connection(id);
        return page.text("#head");
    }

    /** The lines that a search finds. */
    String list(String words) {
        page.open(console);
        page.fill("#q", words);
        page.press("#filters button");
        return page.text("#list");
    }
}
