package io.perennial.auth.authorization;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.request.Fields;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.service.Caller;
import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code /api/consent-reviews}: consents that nothing speaks against and nothing for. An operator decides. */
@Path("/api/consent-reviews")
public class ConsentReviewResource {
    private final AuthorizationRequests requests;
    private final CandidateDecision decision;
    private final Caller caller;

    ConsentReviewResource(AuthorizationRequests requests, CandidateDecision decision, Caller caller) {
        this.requests = requests;
        this.decision = decision;
        this.caller = caller;
    }

    /** What an operator has to go by. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Review(
            UUID id,
            UUID connectionId,
            String tenantId,
            int generation,
            String offeredAccountId,
            @Nullable String offeredAccountName,
            List<String> offeredMarketplaces,
            Instant startedAt) {
        static Review of(Attempt attempt) {
            Ruling.Account account = Ruling.Account.of(attempt);
            return new Review(
                    attempt.id(),
                    attempt.connectionId(),
                    attempt.tenantId(),
                    attempt.generation(),
                    account.id(),
                    account.name(),
                    account.marketplaces(),
                    attempt.startedAt());
        }
    }

    /** One page of reviews, longest waiting first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReviewPage(List<Review> items, @Nullable String next) {}

    /** Answers to the question whether a consent came from the right account. */
    public enum Decision {
        ACCEPT,
        REFUSE
    }

    /** An operator's answer. */
    public record ReviewDecision(@Nullable Decision decision) {
        Decision check() {
            Fields fields = new Fields();
            fields.required("decision", decision);
            fields.verify();
            return Objects.requireNonNull(decision);
        }
    }

    /** What became of the consent. */
    public record Reviewed(UUID id, String status) {}

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<ReviewPage> list(@RestQuery @Nullable String cursor, @RestQuery @Nullable Integer limit) {
        int most = PageCursor.limit(limit);
        return requests.awaitingReview(caller.tenants(), PageCursor.decode(cursor, UUID::fromString), most)
                .map(found -> {
                    List<Review> items =
                            found.stream().limit(most).map(Review::of).toList();
                    return new ReviewPage(
                            items,
                            found.size() > most
                                    ? PageCursor.encode(items.get(most - 1).id())
                                    : null);
                });
    }

    /** Decides; a consent that was decided before answers 409. */
    @POST
    @Path("{id}")
    @RolesAllowed({"admin", "operator"})
    public Uni<Reviewed> decide(UUID id, ReviewDecision answer) {
        Decision decided = answer.check();
        String operator = caller.id();
        String[] tenants = caller.tenants();
        return get(id, tenants)
                .chain(attempt -> decide(attempt, decided, operator))
                .chain(() -> get(id, tenants))
                .map(attempt -> new Reviewed(id, attempt.status().name()));
    }

    private Uni<Void> decide(Attempt attempt, Decision decided, String operator) {
        if (attempt.status() != AuthorizationStatus.AWAITING_REVIEW) {
            throw new ProblemException(StandardProblem.CONFLICT, "This consent does not wait for a decision.");
        }
        return decided == Decision.ACCEPT ? decision.accept(attempt, operator) : decision.refuse(attempt, operator);
    }

    private Uni<Attempt> get(UUID id, String @Nullable [] tenants) {
        return requests.find(id, tenants).map(attempt -> {
            if (attempt == null) {
                throw ProblemException.notFound();
            }
            return attempt;
        });
    }
}
