package io.perennial.notify.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.notify.email.PostResult;
import io.perennial.notify.email.Postman;
import io.perennial.notify.email.Preparation;
import io.perennial.notify.email.SampleLetter;
import io.perennial.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/reminders/previews/{kind}/mails}: sends a mail about a made-up connection to an operator, to see it in the
 * program that he reads mails with. Only to the addresses of {@code perennial.operators.mail}: this must not become a way
 * to write to anybody. Sent once, now; what the mail server says is the answer.
 */
@Path("/api/reminders/previews/{kind}/mails")
@Produces(MediaType.APPLICATION_JSON)
class TestMailResource {
    private final Postman postman;
    private final Operators operators;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    TestMailResource(Postman postman, Operators operators, DomainClock clock, TimeOrderedIds ids) {
        this.postman = postman;
        this.operators = operators;
        this.clock = clock;
        this.ids = ids;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({"admin", "operator"})
    public Uni<Sent> send(@PathParam("kind") String kind, TestMail request) {
        String to = request.to();
        if (to == null || !operators.has(to)) {
            throw ProblemException.invalidField("to", "must be one of the addresses of perennial.operators.mail");
        }
        Preparation preparation = postman.prepare(
                        new SampleLetter(ids.next(), kind, request.locale(), to, clock.instant()))
                .orElseThrow(ProblemException::notFound);
        if (preparation instanceof Preparation.Ready ready) {
            return postman.post(ready).map(TestMailResource::sent);
        }
        throw ProblemException.invalidField("to", "must be one mail address");
    }

    private static Sent sent(PostResult result) {
        if (result instanceof PostResult.Accepted) {
            return new Sent("SENT", null);
        }
        if (result instanceof PostResult.TryLater later) {
            return new Sent("FAILED", later.code());
        }
        if (result instanceof PostResult.Refused refused) {
            return new Sent("FAILED", refused.code());
        }
        return new Sent("AMBIGUOUS", null);
    }

    record TestMail(@Nullable String to, @Nullable String locale) {
        @Override
        public String toString() {
            return "TestMail[hidden]";
        }
    }

    /** What became of it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sent(String state, @Nullable String reason) {}
}
