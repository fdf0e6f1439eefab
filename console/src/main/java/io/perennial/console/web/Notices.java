package io.perennial.console.web;

import io.perennial.console.remote.Answer;
import io.perennial.problem.ProblemException;
import io.quarkus.qute.TemplateInstance;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.function.Function;

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

    /** The page of the one thing that a service was asked for, or why there is none and the way {@code back}. */
    public TemplateInstance pageOr(
            String wish, Answer answer, String back, Function<JsonObject, TemplateInstance> page) {
        if (answer instanceof Answer.Done done) {
            return page.apply(done.body());
        }
        if (answer instanceof Answer.Refused refused && refused.status() == 404) {
            throw ProblemException.notFound();
        }
        return show(Notice.refused(wish, answer), back);
    }

    /** The answer to a button that was pressed at {@code back}. */
    public TemplateInstance show(Notice notice, String back) {
        return headers.getHeaderString("HX-Request") == null ? new Page(frames.at(""), notice, back) : new Part(notice);
    }
}
