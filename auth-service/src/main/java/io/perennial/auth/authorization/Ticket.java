package io.perennial.auth.authorization;

/** What ties a return to its departure: the browser's own secret and the state that only this departure carries. */
record Ticket(String browser, String state) {
    @Override
    public String toString() {
        return "Ticket[hidden]";
    }
}
