package io.perennial.e2e;

/** A page as a person meets it: in a real browser, or by plain HTTP where no browser is there. */
interface Page extends AutoCloseable {
    void open(String url);

    boolean has(String css);

    String text(String css);

    String attribute(String css, String name);

    void fill(String css, String value);

    void choose(String css, String value);

    void tick(String css);

    /** Presses a button or link that leads to another page, and returns when that page is there. */
    void press(String css);

    String url();

    /** Whether the page renews and changes itself; one that does not has to be opened again. */
    boolean lives();

    default String text() {
        return text("body");
    }

    @Override
    void close();
}
