package io.perennial.console.web;

import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;

/** Shows what came of a button: as a part of the page that is open, or as a page of its own where there is no script. */
@RequestScoped
public class Notices {

    record Part(Notice notice) implements TemplateInstance {}

    record Page(Frame frame, Notice notice, String back) implements TemplateInstance {}

    private final Frames frames;
    private final HttpHeaders headers;

    Notices(Frames frames, HttpHeaders headers) {
        this.frames = frames;
        this.headers = headers;
    }

    /** The answer to a button that was pressed at {@code back}. */
    public TemplateInstance show(Notice notice, String back) {
        return headers.getHeaderString("HX-Request") == null ? new Page(frames.at(""), notice, back) : new Part(notice);
    }
}
